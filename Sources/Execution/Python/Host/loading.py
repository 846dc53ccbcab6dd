"""Finds the function that is to be called. Part of one source with messages.py."""


def imported(name):
    """The function, or why there is none."""
    module_name, _, attribute = name.partition(":")
    if module_name.endswith(".py"):
        sys.path.insert(0, os.path.dirname(module_name) or "")
        module_name = os.path.basename(module_name)[:-3]
    start = clock()
    signal.signal(signal.SIGALRM, lambda *_: send(3, note=f"{module_name} is still being imported after {clock() - start:.0f} s"))
    signal.setitimer(signal.ITIMER_REAL, 2, 10)
    try:
        __import__(module_name)
    except BaseException as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name and (module_name + ".").startswith(error.name + ".")
        if missing:
            send(3, refused="module", why=str(error))
        else:
            how, trace = told(error)
            os.write(2, trace)
            send(3, refused="import", why=how)
        sys.exit(0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    target = sys.modules[module_name]
    for part in attribute.split("."):
        if not hasattr(target, part):
            names = [key for key, value in vars(sys.modules[module_name]).items() if callable(value) and not key.startswith("_")]
            send(3, refused="function", why=", ".join(names[:12]))
            sys.exit(0)
        target = getattr(target, part)
    if not callable(target):
        send(3, refused="call", why=type(target).__name__)
        sys.exit(0)
    return target, clock() - start


def is_coroutine_function(function, flag=0x80):
    code = getattr(function, "__code__", None) or getattr(getattr(function, "__call__", None), "__code__", None)
    return bool(code and code.co_flags & flag)
