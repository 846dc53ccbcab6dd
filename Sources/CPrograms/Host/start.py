"""Reads the host's source from a descriptor and runs it: compiled, or from the file where an earlier run has kept the code.

Run with the descriptor, the bytes to read and the arguments of the host. Every version since 2.6 can read this file, so that
one that is too old says so instead of a syntax error.
"""
import sys

# Nothing of ours comes from the folder that it runs in.
sys.path[:] = [folder for folder in sys.path if folder]
import os


def path_of_code():
    """The file of this version of Python, whose code is good for no other; None without a home."""
    folder = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(folder):
        folder = os.path.join(os.environ.get("HOME", ""), ".cache")
    if os.path.isabs(folder):
        return os.path.join(folder, "advisor", "python-host-%s" % sys.implementation.cache_tag)


def kept(path, prefix):
    """The code of just this source, from a file that nobody else can have written; None where there is none."""
    import marshal, stat

    try:
        # A pipe in its place must not stop us.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
                return None
            data = file.read()
        if data.startswith(prefix):
            return marshal.loads(data[len(prefix):])
    except (OSError, EOFError, ValueError, TypeError):
        pass


def keep(code, path, prefix):
    import marshal

    new = "%s.%d" % (path, os.getpid())
    try:
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        try:
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(prefix + marshal.dumps(code))
            os.replace(new, path)
        except OSError:
            os.unlink(new)
    except OSError:
        # No room, or a home that is not ours: the next run compiles again.
        pass


def code_of(source):
    from _frozen_importlib_external import MAGIC_NUMBER

    path, prefix = path_of_code(), MAGIC_NUMBER + source
    code = path and kept(path, prefix)
    if not code:
        code = compile(source, "<advisor>", "exec")
        if path:
            keep(code, path, prefix)
    return code


if sys.version_info < (3, 9):
    sys.stdout.write('{"refused": "version", "why": "%d.%d.%d"}\n' % sys.version_info[:3])
    sys.exit(0)
source = b""
while len(source) < int(sys.argv[2]):
    source += os.read(int(sys.argv[1]), int(sys.argv[2]) - len(source))
del sys.argv[1:3]
exec(code_of(source), {"__name__": "__main__", "SOURCE": source})
