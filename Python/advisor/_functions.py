"""What a function is, and what it uses."""

from __future__ import annotations

import functools
from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CO_COROUTINE = 0x80


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    while isinstance(function, functools.partial):
        function = function.func
    return function


def is_async(function: Callable[..., Any]) -> bool:
    return bool(getattr(code(function), "co_flags", 0) & CO_COROUTINE)


def code(function: Callable[..., Any]) -> Any:
    """That of a function; of what has none, its type."""
    function = plain(function)
    function = getattr(function, "__func__", function)
    return getattr(function, "__code__", None) or getattr(getattr(type(function), "__call__", None), "__code__", None) or type(function)


def name(function: Callable[..., Any]) -> str:
    """As `advisor history` lists it."""
    function = plain(function)
    module = getattr(function, "__module__", None) or type(function).__module__
    qualified = getattr(function, "__qualname__", None) or type(function).__qualname__
    return f"{module}:{qualified.replace(':', '.')}"


def used(function: Callable[..., Any]) -> list[Any]:
    """What it has at hand: variables of its module and of the functions around it, and of its object."""
    function = plain(function)
    holder = getattr(function, "__self__", function)
    function = getattr(function, "__func__", function)
    cells = [_content(cell) for cell in getattr(function, "__closure__", None) or ()]
    names = [*getattr(function, "__globals__", {}).values(), *getattr(holder, "__dict__", {}).values()]
    return [*names, *cells, *(getattr(function, "__defaults__", None) or ())]


def _content(cell) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        # Of a variable that has no value yet.
        return None
