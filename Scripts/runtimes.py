"""The programs of test-runtimes.py: how each is run, told a number, and counted."""

import dataclasses
import pathlib
import shutil
import subprocess
import typing


@dataclasses.dataclass
class Tool:
    name: str
    command: list
    # What the workers are, which decides the number that is right.
    kind: str = "build"
    # Of the tree's processes (pid → parent, name, threads); None where the program prints the number itself.
    count: typing.Optional[typing.Callable] = None
    # The command with {n} where people write $(nproc); None where it takes no number.
    told: typing.Optional[list] = None
    # Whether it reads no variable but its affinity mask.
    affinity: bool = False
    environment: dict = dataclasses.field(default_factory=dict)
    # What the program makes of a number of CPUs.
    expected: typing.Callable = lambda cpus: cpus
    needs: typing.Optional[str] = None
    seconds: float = 60

    def is_installed(self):
        return shutil.which(self.needs or self.command[0]) is not None

    def replaced(self, command):
        return dataclasses.replace(self, command=command)


def named(name):
    """Processes of that name."""
    return lambda tree: sum(entry[1] == name for entry in tree.values())


def threads(name, helpers=0):
    """Threads of the process of that name, without those that are none of its workers."""
    return lambda tree: max((entry[2] - helpers for entry in tree.values() if entry[1] == name), default=0)


def TOOLS(folder):
    work, python = folder / "work", str(folder / "venv/bin/python")
    sleeps = named("sleep")
    joblib = "from joblib import Parallel, delayed; import time; Parallel(n_jobs=-1)(delayed(time.sleep)(.3) for _ in range(8))"
    matrix = "import numpy, time; a = numpy.ones((1500, 1500)); [a @ a for _ in range(3)]; time.sleep(.2)"
    pool = "import multiprocessing, os; print(os.process_cpu_count() if hasattr(os, 'process_cpu_count') else multiprocessing.Pool()._processes)"
    executor = "from concurrent.futures import ThreadPoolExecutor as E; print(E()._max_workers - 4)"
    return [
        Tool("libgomp", [str(work / "omp")], "barrier", threads("omp")),
        Tool("OpenBLAS", [python, "-c", matrix], "barrier", threads("python")),
        Tool("NumExpr", [python, "-c", "import numexpr; print(numexpr.nthreads)"], "barrier"),
        Tool("Numba", [python, "-c", "import numba; print(numba.get_num_threads())"], "barrier"),
        Tool("Polars", [python, "-c", "import polars; print(polars.thread_pool_size())"]),
        Tool("joblib", [python, "-c", "import joblib; print(joblib.cpu_count())"]),
        Tool("pytest-xdist", [python, "-m", "pytest", "-q", "-n", "auto", str(work / "test_sleeps.py")], count=sleeps,
             told=[python, "-m", "pytest", "-q", "-n", "{n}", str(work / "test_sleeps.py")]),
        Tool("Python Pool", [python, "-c", pool]),
        Tool("gunicorn", [str(folder / "venv/bin/gunicorn"), "--bind", "127.0.0.1:0", "app:app"], "server",
             lambda tree: max(0, named("gunicorn")(tree) - 1), seconds=2.5),
        Tool("make", ["make", "-f", str(work / "Makefile"), "-B"], count=sleeps,
             told=["make", "-f", str(work / "Makefile"), "-B", "-j{n}"]),
        Tool("ninja", ["ninja", "-f", "sleeps.ninja"], count=sleeps, affinity=True, told=["ninja", "-f", "sleeps.ninja", "-j{n}"],
             # Its own formula: CPUs + 2, but 2 for one (ninja.cc, GuessParallelism).
             expected=lambda cpus: {1: 2, 2: 3}.get(cpus, cpus + 2)),
        Tool("cmake --build", ["cmake", "--build", "build", "--clean-first"], count=sleeps,
             told=["cmake", "--build", "build", "--clean-first", "-j{n}"]),
        Tool("ctest", ["ctest", "--test-dir", "build"], count=sleeps, told=["ctest", "--test-dir", "build", "-j{n}"]),
        Tool("cargo test", [str(work / "crate/tests")], count=sleeps, needs="rustc",
             told=[str(work / "crate/tests"), "--test-threads={n}"]),
        Tool("SCons", ["scons", "-Q", "-f", "SConstruct"], count=sleeps, told=["scons", "-Q", "-f", "SConstruct", "-j{n}"]),
        Tool("prove", ["prove", "tests"], count=sleeps, told=["prove", "-j{n}", "tests"]),
        Tool("Go", [str(work / "gomaxprocs")], "server", needs="go"),
        Tool("Java", ["java", "-XX:TieredStopAtLevel=1", "-cp", str(work), "Cpus"], "server"),
        Tool("Node", ["node", "-e", "console.log(require('os').availableParallelism())"], affinity=True),
        Tool("R", ["Rscript", "-e", "invisible(parallel::mclapply(1:8, function(i) system('sleep 0.2'), mc.cores = getOption('mc.cores', parallel::detectCores())))"],
             count=sleeps),
        Tool("Ruby", ["ruby", "-retc", "-e", "puts Etc.nprocessors"], affinity=True),
        Tool("Rust", [str(work / "crate/parallelism")], affinity=True, needs="rustc"),
        Tool("nproc", ["nproc"], affinity=True),
        Tool("xz -T0", ["sh", "-c", "xz -T0 -0 --block-size=1MiB -c big > /dev/null"], count=lambda tree: max(1, threads("xz", 1)(tree)), affinity=True,
             told=["sh", "-c", "xz -T{n} -0 --block-size=1MiB -c big > /dev/null"]),
        Tool("xz", ["sh", "-c", "xz -0 --block-size=1MiB -c big > /dev/null"], count=lambda tree: max(1, threads("xz", 1)(tree))),
        Tool("zstd", ["sh", "-c", "zstd -9 -c big > /dev/null"], count=lambda tree: max(1, threads("zstd", 3)(tree))),
        Tool("pigz", ["sh", "-c", "pigz -9 -c big > /dev/null"], count=lambda tree: max(1, threads("pigz", 2)(tree)),
             told=["sh", "-c", "pigz -9 -p {n} -c big > /dev/null"]),
        Tool("sort", ["sh", "-c", "sort -S 64M lines > /dev/null"], "barrier", threads("sort")),
    ]  # fmt: skip


SLEEPS = "".join(f"t{i}:\n\tsleep 0.2\n" for i in range(8))
FILES = {
    "Makefile": "all: " + " ".join(f"t{i}" for i in range(8)) + "\n" + SLEEPS,
    # Never made, so that each run makes them all.
    "sleeps.ninja": "rule s\n  command = sleep 0.3\n" + "".join(f"build never{i}: s\n" for i in range(10)),
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.12)\nproject(sleeps NONE)\nenable_testing()\nadd_custom_target(all_sleeps ALL)\n"
    + "".join(f"add_custom_target(s{i} COMMAND sleep 0.2)\nadd_dependencies(all_sleeps s{i})\nadd_test(NAME t{i} COMMAND sleep 0.2)\n" for i in range(6)),
    "SConstruct": "import os\nenv = Environment(ENV=os.environ)\n"
    + "".join(f"AlwaysBuild(env.Command('never{i}.out', [], 'sleep 0.2'))\n" for i in range(6)),
    "test_sleeps.py": "import subprocess\n" + "".join(f"def test_{i}(): subprocess.run(['sleep', '0.2'])\n" for i in range(8)),
    "app.py": "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'']\n",
    "Cpus.java": "public class Cpus { public static void main(String[] a) { System.out.println(Runtime.getRuntime().availableProcessors()); } }\n",
    "gomaxprocs.go": 'package main\n\nimport (\n\t"fmt"\n\t"runtime"\n)\n\nfunc main() { fmt.Println(runtime.GOMAXPROCS(0)) }\n',
    "omp.c": "#include <omp.h>\n#include <unistd.h>\nint main(void) {\n#pragma omp parallel\n  usleep(300000);\n  return 0;\n}\n",
    "crate/parallelism.rs": 'fn main() { println!("{}", std::thread::available_parallelism().unwrap()); }\n',
    "crate/tests.rs": "".join(f'#[test] fn t{i}() {{ std::process::Command::new("sleep").arg("0.2").status().unwrap(); }}\n' for i in range(8)),
}


def prepare(folder):
    """Writes the files that the tools work on, and compiles what is to be compiled."""
    work = folder / "work"
    for name, text in FILES.items():
        path = work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (work / "tests").mkdir(exist_ok=True)
    for i in range(6):
        (work / f"tests/{i}.t").write_text('system("sleep 0.2"); print "1..1\\nok 1\\n";\n')
    if not (work / "big").exists():
        (work / "big").write_bytes(b"".join(bytes(f"{i * 2654435761 % 2**32:x}", "ascii") for i in range(3_000_000)))
        (work / "lines").write_text("".join(f"{i * 2654435761 % 2**32}\n" for i in range(2_000_000)))
    compile_all(work)


def compile_all(work):
    for program, command in {
        "gcc": ["gcc", "-O1", "-fopenmp", "omp.c", "-o", "omp"],
        "javac": ["javac", "Cpus.java"],
        "go": ["go", "build", "-o", "gomaxprocs", "gomaxprocs.go"],
        "rustc": ["rustc", "-o", "crate/parallelism", "crate/parallelism.rs"],
        "rustc --test": ["rustc", "--test", "-o", "crate/tests", "crate/tests.rs"],
        "cmake": ["cmake", "-S", ".", "-B", "build"],
    }.items():
        if shutil.which(program.split()[0]):
            subprocess.run(command, cwd=work, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
