"""How many workers, and which: advisor's answers in Python.

    import advisor

    advisor.cpus()                    # how many workers may run here
    advisor.map(function, values)     # calls it in processes, threads or an event loop, as its first calls need
    advisor.recommend("cpu:500x20ms") # every way to run a job, ranked, with intervals and reasons

All three ask the program `advisor`, which this package brings along.
"""

from advisor._program import Error, cpus, version

__all__ = ["Error", "Recommendation", "cpus", "map", "recommend"]
__version__ = version()

_LATER = {"map": "_mapping", "recommend": "_advice", "Recommendation": "_advice"}


def __getattr__(name):
    # What a plugin never asks for need not be imported at its start.
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    return value


def __dir__():
    return __all__
