"""Finds the function that is to be called. Part of one source with messages.py."""


class Refused(Exception):
    """Why there is nothing to call: what is amiss, in words, and a traceback."""

    def __init__(self, what, why, trace=b""):
        super().__init__(what, why)
        self.header, self.trace = {"refused": what, "why": why}, trace


def imported(name, say):
    """The function, and the seconds that its import took; `say` is told how a long one goes."""
    module_name, _, attribute = name.partition(":")
    start = clock()

    def tell(*_):
        say(note=f"{module_name} is still being imported after {clock() - start:.0f} s")

    signal.signal(signal.SIGALRM, tell)
    signal.setitimer(signal.ITIMER_REAL, 2, 10)
    try:
        target = module(module_name)
    except Refused:
        raise
    except BaseException as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name
        if missing and (module_name + ".").startswith(error.name + "."):
            raise Refused("module", encodable(str(error), MOST_WORDS).decode()) from None
        raise Refused("import", *told(error)) from None
    finally:
        if signal.getsignal(signal.SIGALRM) is tell:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return attribute_of(target, attribute), clock() - start


def module(name):
    """The user's module, by name as Python finds it in the user's folder, or by path."""
    folder, file = os.path.split(name)
    sys.path.insert(0, "")
    if name.endswith(".py"):
        if not os.path.exists(name):
            raise Refused("module", f"No such file: {name!r}")
        if folder:
            sys.path.insert(0, folder)
        return loaded(file[:-3].replace(".", "_"), name)
    if name in sys.modules:
        # Imported by this program: the user's folder comes before the standard library.
        spec = PathFinder.find_spec(name, [""])
        if spec and spec.has_location:
            return loaded(name, spec.origin)
    __import__(name)
    return sys.modules[name]


def loaded(name, path):
    """The module in a file; under another name where its own is that of a module which others need."""
    while name in sys.modules or name in sys.builtin_module_names:
        name += "_"
    spec = spec_from_file_location(name, path)
    target = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(target)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    # A module may put another in its place.
    return sys.modules.get(name, target)


def attribute_of(target, path):
    home = target
    for part in path.split("."):
        if not hasattr(target, part):
            names = [key for key, value in vars(home).items() if callable(value) and not key.startswith("_")]
            raise Refused("function", ", ".join(names[:12]))
        target = getattr(target, part)
    if not callable(target):
        raise Refused("call", type(target).__name__)
    return target


def is_coroutine_function(function, flag=0x80):
    while isinstance(function, functools.partial):
        function = function.func
    code = getattr(function, "__code__", None) or getattr(getattr(function, "__call__", None), "__code__", None)
    return isinstance(code, types.CodeType) and bool(code.co_flags & flag)
