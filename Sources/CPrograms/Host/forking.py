"""Whether a process that has imported the user's module may be forked, and how to begin without it. Part of one source with
messages.py.

What a fork copies and must not: threads end in the copy, with the locks that they hold; a socket, a file that is read or a
child process belongs to one process; a generator of random numbers would give each copy the same ones.
"""

import random
import zlib
from itertools import chain

# Their generators and devices are not Python's to see.
OPAQUE = ("torch", "tensorflow", "jax", "cupy")
# The memory of `multiprocessing.Value` and its like, which is there for forked processes to share.
SHARED_MEMORY = "pym-"
HARMLESS_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
FORK = os.fork


class Scene:
    """What there was before the import, to tell what it has added."""

    def __init__(self):
        self.descriptors = open_descriptors()
        self.functions, self.random = self.of_host(), random.getstate()
        self.folder, self.environment = os.getcwd(), dict(os.environ)
        self.ignored = ignored_signals()

    def hazard(self):
        """What speaks against a fork, in words; None where nothing does."""
        return self.replaced() or threads() or self.opened() or children() or self.numbers() or library_threads()

    def of_host(self):
        """What this program goes on by."""
        names = [(os, name) for name in ("fork", "pipe", "read", "write", "waitpid")]
        names += [(select, "poll"), (threading, "Thread"), (time, "sleep")]
        return [getattr(*name, None) for name in names] + [signal.getsignal(signal.SIGCHLD)]

    def replaced(self):
        if self.of_host() != self.functions:
            return "has replaced functions of Python's own, as gevent does, or handles SIGCHLD"

    def opened(self):
        what = opened_since(self.descriptors)
        return what and f"holds {what} open"

    def numbers(self):
        if random.getstate() != self.random:
            return "has seeded or used Python's random numbers"
        numpy = sys.modules.get("numpy.random.mtrand")
        if numpy and getattr(numpy._rand._bit_generator, "seed_seq", None) is None:
            return "has seeded numpy's random numbers"
        for generator in generators():
            if not is_global(generator):
                return f"holds a generator of random numbers ({type(generator).__module__}.{type(generator).__name__})"
        for name in OPAQUE:
            if name in sys.modules:
                return f"has imported {name}, whose state a fork would copy"


def open_descriptors():
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            os.fstat(int(name))
        except OSError:
            # That of the listing.
            continue
        found.add(int(name))
    return found


def opened_since(descriptors):
    """What has been opened and belongs to one process; None where nothing has."""
    return next(filter(None, map(shared, sorted(open_descriptors() - descriptors))), None)


def unshared(descriptors):
    """What the module holds that serves one call at a time, of descriptors too; None where calls may share an interpreter.

    Two threads that ask through one socket get each other's answers, and a connection of SQLite is its thread's alone.
    """
    connection = getattr(sys.modules.get("sqlite3"), "Connection", None)
    if connection:
        kinds = with_subclasses(connection)
        if any(type(thing) in kinds for thing in things_held()):
            return "a connection of SQLite"
    return opened_since(descriptors)


def things_held():
    """What is tracked by the collector, and what modules hold by name: before 3.11 it tracks no connection."""
    if HELD_THINGS:
        return HELD_THINGS()
    named = [vars(held).values() for held in list(sys.modules.values()) if isinstance(held, types.ModuleType)]
    return [*gc.get_objects(), *chain.from_iterable(map(list, named))]


def shared(descriptor):
    """What a descriptor is, where two processes that have it would get in each other's way."""
    import stat

    mode, name = os.fstat(descriptor).st_mode, os.readlink(f"/proc/self/fd/{descriptor}")
    if stat.S_ISSOCK(mode):
        return "a socket"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISDIR(mode) or name in HARMLESS_DEVICES or os.path.basename(name).startswith(SHARED_MEMORY):
        return None
    if stat.S_ISREG(mode):
        # Processes that write into one, as into a log, do so behind one another.
        only_writes = flags(descriptor) & os.O_ACCMODE == os.O_WRONLY
        return None if only_writes else f"the file {os.path.basename(name)}"
    return f"the device {name}" if stat.S_ISCHR(mode) else f"{name}"


def flags(descriptor):
    with open(f"/proc/self/fdinfo/{descriptor}") as file:
        return next(int(line.split()[1], 8) for line in file if line.startswith("flags:"))


def threads():
    names = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if names or len(sys._current_frames()) > 1:
        return "has started a thread" + (f" ({names[0]})" if names else "")


def library_threads():
    """Those of libraries that do not end them before a fork, as OpenBLAS does: the copy would wait for them."""
    if len(os.listdir("/proc/self/task")) == 1:
        return None
    process = FORK()
    if process == 0:
        os._exit(0)
    for _ in range(200):
        if os.waitpid(process, os.WNOHANG)[0]:
            break
        time.sleep(0.01)
    else:
        signal_process(process, signal.SIGKILL)
        os.waitpid(process, 0)
        return "has imported a library that does not come through a fork"
    count = len(os.listdir("/proc/self/task")) - 1
    return f"has imported a library that has started {count} thread{'s' if count > 1 else ''}" if count else None


def children():
    return "has started a process" if child_ids() else None


def child_ids():
    try:
        with open("/proc/thread-self/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def generators():
    """All generators of random numbers that there are, wherever the module keeps them.

    In a process that holds its functions already, those that these have at hand: to look at all objects is to copy their pages.
    """
    numpy = {"_generator": "Generator", "mtrand": "RandomState", "bit_generator": "BitGenerator"}
    kinds = [getattr(sys.modules.get(f"numpy.random.{module}"), name, None) for module, name in numpy.items()]
    kinds = with_subclasses(random.Random, *filter(None, kinds)) - with_subclasses(random.SystemRandom)
    names = getattr(sys.modules.get("tempfile"), "_RandomNameSequence", None)
    wanted = kinds | {names}
    # By its type alone: an object may answer for another, or fail to. There may be a million.
    things = [*HELD_THINGS(), random._inst, *numpys_own()] if HELD_THINGS else gc.get_objects()
    things = [thing for thing in things if type(thing) in wanted]
    found = [thing for thing in things if type(thing) in kinds]
    # Those that name temporary files are reseeded in each process.
    naming = [vars(thing).get("_rng") for thing in things if type(thing) is names]
    found = [thing for thing in found if not any(thing is other for other in naming)]
    # A generator before the bits that it draws from.
    return sorted(found, key=lambda thing: not hasattr(type(thing), "random"))


def with_subclasses(*kinds):
    found = set(kinds)
    for kind in kinds:
        found |= with_subclasses(*type.__subclasses__(kind))
    return found


def is_global(generator):
    """Those of Python and numpy, which are reseeded in each forked worker unless the module has seeded them."""
    return generator is random._inst or generator in numpys_own()


def numpys_own():
    numpy = sys.modules.get("numpy.random.mtrand")
    return (numpy._rand, numpy._rand._bit_generator) if numpy else ()


def hash_of(generator):
    """Of its state: those that two interpreters have alike were seeded."""
    try:
        state = generator.getstate() if isinstance(generator, random.Random) else bits_of(generator).state
        return zlib.crc32(repr(state).encode())
    except Exception:
        # One of a library's own kind.
        return id(generator)


def bits_of(generator):
    return getattr(generator, "_bit_generator", getattr(generator, "bit_generator", generator))


def reseed(generators):
    """Gives a forked worker random numbers of its own."""
    for generator in generators:
        try:
            if isinstance(generator, random.Random):
                generator.seed()
            else:
                bits = bits_of(generator)
                bits.state = type(bits)().state
        except Exception:
            continue
    if "torch" in sys.modules:
        sys.modules["torch"].seed()


def ignored_signals():
    return {number for number in signal.valid_signals() if signal.getsignal(number) == signal.SIG_IGN}


def start_anew(scene, method, why):
    """This program again, in this process as it was before the import: its workers import the module by themselves."""
    for child in child_ids():
        # What the module has started for itself, each worker starts for itself.
        signal_process(child, signal.SIGTERM)
    source = os.memfd_create("source")
    os.write(source, SOURCE)
    os.lseek(source, 0, os.SEEK_SET)
    for descriptor in open_descriptors() - {0, 1, 2}:
        os.set_inheritable(descriptor, descriptor == source)
    os.dup2(3, 1)
    os.chdir(scene.folder)
    for number in ignored_signals() - scene.ignored:
        signal.signal(number, signal.SIG_DFL)
    arguments = own_command(source, method, why)
    os.execve(arguments[0], arguments, scene.environment)


def own_command(source, method, why):
    """What this program is run by, with another method."""
    with open("/proc/self/cmdline", "rb") as file:
        words = file.read().split(b"\0")[:-1]
    start = words.index(b"-c") + 2
    program = sys.executable or os.readlink("/proc/self/exe")
    return [os.fsencode(program), *words[1:start], *map(os.fsencode, [str(source), str(len(SOURCE)), FUNCTION, method, why])]
