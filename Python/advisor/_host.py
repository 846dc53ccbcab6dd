"""The program's interpreter host, in a copy of a process that has the function."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ARGUMENTS = ["advisor", "", "fork", "copies of this process have the function"]


@functools.lru_cache(maxsize=None)
def code():
    """The host's program: in the package one file, in the sources the program's own."""
    from importlib.util import find_spec

    spec = find_spec("advisor._host_program")
    return spec.loader.get_code(spec.name) if spec else compile(sources(), "<advisor>", "exec")


@functools.lru_cache(maxsize=None)
def crew_tools() -> dict[str, Any]:
    """What copies use that take calls by themselves; made before they are, so that it is made once."""
    return tools()


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


def tools(**names: Any) -> dict[str, Any]:
    """What the host's program defines, with these names given; it does not begin."""
    found = {"__name__": __name__, "SOURCE": b"", "HELD_FUNCTION": None, "ARGUMENTS": ARGUMENTS, **names}
    exec(code(), found)
    return found


def serve(function: Callable[[Any], Any], requests: int, replies: int, **hooks: Callable[[], Any]) -> None:
    """Makes this process a host of its own copies, which call `function`; never returns.

    Of the hooks, HELD_THINGS lists what the function uses, HEARD is called when the program speaks for the first time, and OVER
    when it has nothing more to say.
    """
    os.dup2(requests, 0)
    os.close(requests)
    tools(HELD_FUNCTION=function, REPLIES=replies, **hooks)["main"]()
