"""Libraries that compute in threads of their own, as OpenBLAS does. Part of one source with messages.py."""

# Functions that say and set how many threads, by what is in the name of a library's file; as threadpoolctl lists them.
OPENMP = [("omp_get_max_threads", "omp_set_num_threads")]
THREADS = {
    "openblas": [
        (f"{prefix}openblas_get_num_threads{suffix}", f"{prefix}openblas_set_num_threads{suffix}")
        for prefix in ("", "scipy_") for suffix in ("", "64_", "_64")
    ],
    "libmkl_rt": [("MKL_Get_Max_Threads", "MKL_Set_Num_Threads")],
    "libblis": [("bli_thread_get_num_threads", "bli_thread_set_num_threads")],
    "libgomp": OPENMP, "libomp": OPENMP, "libiomp": OPENMP,
}  # fmt: skip
# How many threads each had before it was held to fewer.
UNHELD = {}


class Libraries:
    """Those that calls of one thread use, held to a number of threads: else each worker's would take all CPUs."""

    def __init__(self):
        self.held = None, 0

    def hold(self, share):
        # What a call has imported since may have brought one along.
        wanted = share, len(sys.modules)
        if share and wanted != self.held:
            self.held = wanted
            for path in libraries():
                hold(path, share)


def libraries():
    """The paths of those that this process has loaded."""
    with open("/proc/self/maps", errors="replace", opener=opened) as file:
        paths = {line.split(maxsplit=5)[-1].rstrip("\n") for line in file if "/" in line}
    return [path for path in paths if any(name in os.path.basename(path) for name in THREADS)]


def hold(path, share):
    try:
        library = own("ctypes").CDLL(path, os.RTLD_NOLOAD)
    except (OSError, ImportError):
        return
    for name in [name for name in THREADS if name in os.path.basename(path)]:
        for get, set_to in THREADS[name]:
            if hasattr(library, get) and hasattr(library, set_to):
                getattr(library, set_to)(min(share, UNHELD.setdefault(path, getattr(library, get)())))
