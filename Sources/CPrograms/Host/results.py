"""What a call has returned, raised and printed, in a form that always arrives. Part of one source with messages.py."""

# Of a text that says how a call failed, and of its traceback, in characters: what they quote may be of any size.
MOST_WORDS = 2000
MOST_TRACE = 1 << 20
# An exception may take for ever to say what it is.
PATIENCE = 10


class Unfit(Exception):
    pass


def encoded(result):
    """One line of JSON."""
    try:
        return encode(result).encode() + b"\n"
    except (TypeError, ValueError, RecursionError) as error:
        why = str(error)
        if why.startswith("Out of range float"):
            why = "NaN or an infinity: return None or a text in its place"
        raise Unfit(f"returned what JSON cannot hold: {why}") from None


def plain(value):
    """Arrays and numbers of numpy and its kin."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"an object of type {type(value).__name__}")


encode = json.JSONEncoder(allow_nan=False, default=plain).encode


def told(error):
    """How a call failed, and what to print of it.

    An exception's text is the user's code: it runs in a thread of its own, so that one without an end holds up nothing else.
    """
    found, end = [], _thread.allocate_lock()

    def tell():
        found.append(described(error))
        end.release()

    end.acquire()
    try:
        # One of `threading` would be waited for without an end where there is no memory for its first step.
        _thread.start_new_thread(tell, ())
        end.acquire(timeout=PATIENCE)
    except (RuntimeError, MemoryError):
        # No thread is to be had.
        found.append(described(error))
    how, trace = found[0] if found else (f"raised {type(error).__name__}, which did not say why within {PATIENCE} s", "")
    return encodable(how, MOST_WORDS).decode(), encodable(trace, MOST_TRACE)


def described(error):
    try:
        if isinstance(error, Unfit):
            return str(error), ""
        if isinstance(error, SystemExit):
            return f"called sys.exit({error.code!r})", ""
        frames = error.__traceback__
        while frames and frames.tb_frame.f_code.co_filename == told.__code__.co_filename:
            # This program's own.
            frames = frames.tb_next
        text = "".join(traceback.format_exception(type(error), error, frames))
        return "raised " + in_one_line(traceback.format_exception_only(type(error), error)), text
    except BaseException:
        return f"raised {type(error).__name__}, which cannot say why", ""


def in_one_line(lines):
    """The type and the whole message: of a syntax error its last line, behind the place and the source."""
    text = lines[-1] if lines and lines[0].startswith("  File ") else "".join(lines)
    return " ".join(text.split())


def encodable(text, most):
    """Any text as UTF-8: a lone surrogate, as of a file name that is none, as its escape."""
    if len(text) > most:
        text = f"{text[: most // 2]} … {text[-most // 2 :]}"
    return text.encode(errors="backslashreplace")


class Capture:
    """What a task prints, kept from the outputs of others."""

    def __init__(self, error):
        self.file, self.error = os.memfd_create("printed"), error
        os.dup2(self.file, 1)
        os.dup2(self.file, 2)

    def take(self):
        restore_streams(self.file)
        size = os.lseek(self.file, 0, os.SEEK_CUR)
        if size == 0:
            return b""
        data = os.pread(self.file, size, 0)
        os.lseek(self.file, 0, os.SEEK_SET)
        os.ftruncate(self.file, 0)
        return data

    def end(self):
        printed = self.take()
        os.dup2(self.error, 1)
        os.dup2(self.error, 2)
        os.write(2, printed)


def restore_streams(descriptor):
    """Flushes both, and gives the next call what a call has closed: `descriptor` in its place."""
    for number, name in (1, "stdout"), (2, "stderr"):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(descriptor, number)
        try:
            getattr(sys, name).flush()
        except Exception:
            # Closed, or an object of the user's that fails.
            stream = open(number, "w", errors="backslashreplace", closefd=False)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
