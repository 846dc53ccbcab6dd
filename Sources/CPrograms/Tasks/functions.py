"""Functions that a runner calls. Part of one source with tasks.py."""

_functions = {}


def _call(task):
    """Calls a function with a JSON value; what it prints goes to the error output."""
    import tempfile

    # Held in C code, this process would not notice its worker's end.
    _die_with_parent()
    own = os.getpid()
    started, clock, cpu = time.time(), time.monotonic(), time.process_time()
    with tempfile.TemporaryFile() as printed:
        kept = os.dup(1), os.dup(2)
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        try:
            result = _function(task)(json.loads(task["argument"].encode("latin-1")))
            answer = {"ending": "exited", "status": 0, "output": _json_line(result)}
        except BaseException as error:
            answer = {"ending": "failed", "reason": f"raised {_words(error)}", "trace": _trace(error)}
        finally:
            if os.getpid() != own:
                # A process that the function has forked returns here too, and has nothing to answer.
                os._exit(0)
            _flush()
            os.dup2(kept[0], 1)
            os.dup2(kept[1], 2)
            os.close(kept[0])
            os.close(kept[1])
        printed.seek(0)
        error = printed.read().decode("latin-1") + answer.pop("trace", "")
    import resource

    return {
        **answer,
        "started": started,
        "wall": time.monotonic() - clock,
        "cpu": time.process_time() - cpu,
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "error": error,
    }


def _function(task):
    name = task["function"]
    if name not in _functions:
        import importlib

        module, _, path = name.partition(":")
        for folder in (task.get("directory") or os.getcwd(), os.path.dirname(os.path.abspath(__file__))):
            if folder not in sys.path:
                sys.path.insert(0, folder)
        function = importlib.import_module(module)
        for part in path.split("."):
            function = getattr(function, part)
        _functions[name] = function
    return _functions[name]


def _flush():
    """Flushes both streams, and reopens what a function has closed."""
    for number, name in (1, "stdout"), (2, "stderr"):
        try:
            getattr(sys, name).flush()
        except Exception:
            setattr(sys, name, open(number, "w", errors="backslashreplace", closefd=False))


def _json_line(result):
    try:
        text = json.dumps(result, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"the result, of type {type(result).__name__}, is nothing that JSON can hold: {error}") from None
    try:
        return (text + "\n").encode().decode("latin-1")
    except UnicodeEncodeError:
        # A lone surrogate is none of UTF-8's; JSON has an escape for it.
        return json.dumps(result, allow_nan=False) + "\n"


def _words(error):
    """The type and the message in one line, in characters that every reader takes."""
    name = type(error).__name__
    try:
        text = " ".join(str(error).split())[:2000]
    except BaseException:
        text = "it cannot say why"
    return (f"{name}: {text}" if text else name).encode(errors="backslashreplace").decode()


def _trace(error):
    import traceback

    # From the user's own function on: what called it is no news.
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    lines = traceback.format_exception(type(error), error, frames)
    return "".join(lines)[-(1 << 20) :].encode(errors="backslashreplace").decode("latin-1")


def _die_with_parent():
    global _die_with_parent

    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    _die_with_parent = lambda: None
