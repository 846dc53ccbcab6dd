"""A copy of this process that serves calls, by the protocol of the interpreter host of `advisor map`."""

from __future__ import annotations

import os
import signal
import sys

_code = None


def code():
    """The host's program: in the package one file, in the sources the program's own."""
    global _code
    if _code is None:
        from importlib.util import find_spec

        spec = find_spec("advisor._host_program")
        _code = spec.loader.get_code(spec.name) if spec else compile(sources(), "<advisor>", "exec")
    return _code


def sources() -> str:
    """The parts of the program's host in one text; they lie beside this package where it is not installed."""
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[os.pardir] * 2, "Sources", "CPrograms")
    with open(os.path.join(root, "programs.c")) as file:
        names = [line.split('"')[1] for line in file if line.startswith('#embed "Host/')]
    texts = []
    for name in names:
        if not name.endswith("start.py"):
            with open(os.path.join(root, name)) as file:
                texts.append(file.read())
    return "\n".join(texts)


def fork(function, kept) -> Host:
    """A copy of this process, which holds whatever `function` does. It waits until it is told to begin.

    `kept` are descriptors that only this process needs.
    """
    program = code()
    requests, to_host = os.pipe()
    from_host, replies = os.pipe()
    go, begin = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            for descriptor in (to_host, from_host, begin, *kept):
                os.close(descriptor)
            _serve(program, function, requests, replies, go)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)
    for descriptor in (requests, replies, go):
        os.close(descriptor)
    return Host(process, to_host, from_host, begin)


class Host:
    """The copy as its parent sees it."""

    def __init__(self, process, requests, replies, begin):
        self.process, self.requests, self.replies, self._begin = process, requests, replies, begin

    def begin(self):
        """From now on whoever holds the other ends of its pipes speaks with it."""
        os.write(self._begin, b"!")
        self._close(self._begin, self.requests, self.replies)
        self._begin = None

    def end(self):
        """Ends it with its workers, and reaps it."""
        if self.process is None:
            return
        if self._begin is not None:
            self._close(self._begin, self.requests, self.replies)
            self._begin = None
        process, self.process = self.process, None
        try:
            os.killpg(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            os.waitpid(process, 0)
        except ChildProcessError:
            # Whoever waits for any child has had it.
            pass

    @staticmethod
    def _close(*descriptors):
        for descriptor in descriptors:
            os.close(descriptor)


def _serve(program, function, requests, replies, go):
    # Ctrl-C is its parent's to hear; it ends when its messages do.
    os.setpgid(0, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    if not os.read(go, 1):
        os._exit(0)
    os.close(go)
    os.dup2(requests, 0)
    os.close(requests)
    sys.argv[:] = ["advisor", "", "fork", "copies of this process have the function"]
    exec(program, {"__name__": "__main__", "SOURCE": b"", "HELD_FUNCTION": function, "REPLIES": replies})
