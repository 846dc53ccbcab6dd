"""Bad input for `advisor why`: each ends by itself, with an answer or with a sentence that says why there is none; and what it costs."""

import contextlib
import json
import os
import signal
import subprocess
import time

from why.surroundings import beside, children, stat

LONGEST = 30
AS_NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
# What the mounts of a namespace of our own hide, and the code with which the answer must say that it could not see it.
HIDING = {
    "hidepid": ("mount -t proc -o hidepid=2 proc /proc", None),
    "no PSI": ("mkdir -p {empty} && mount --bind {empty} /proc/pressure", "pressure"),
    "no cgroup mount": ("umount --recursive --lazy /sys/fs/cgroup", "cgroups"),
}


@contextlib.contextmanager
def process(*words):
    """A process that runs meanwhile, once it has begun."""
    running = subprocess.Popen([str(word) for word in words], start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        time.sleep(0.3)
        yield running.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def without(name, folder, words):
    hide = HIDING[name][0].format(empty=folder / "empty")
    return ("unshare", "--mount", "sh", "-c", f'{hide} && exec "$@"', "-", *words)


class Hostile:
    def __init__(self, program, seeds):
        self.why = (program, "why", "--json")
        self.seeds = seeds
        self.failed = self.passed = 0

    def says(self, name, words, refuses=None, statuses=(), after=None, blind=None):
        """Runs the words, which end by themselves: with a document, or with a status of failure and a sentence.

        `refuses`: whether it must, or must not, be a failure; None leaves it open. `statuses`: such as a document may come with too.
        `after`: seconds until an interrupt is sent. `blind`: what a document must say that it could not see.
        """
        began = time.monotonic()
        running = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True)  # fmt: skip
        try:
            if after:
                time.sleep(after)
                running.send_signal(signal.SIGINT)
            output, errors = running.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate()
            return self.tell(False, name, f"did not end in {LONGEST} s")
        status = running.returncode
        told = is_document(output, blind) if status == 0 or status in statuses else bool(errors.strip())
        ended = "Fatal error" not in errors and (0 <= status < 128 or status in statuses)
        right = told and ended and (refuses is None or refuses == (status != 0))
        said = (errors.strip() or output.strip()).replace("\n", " ")[:160]
        self.tell(right, name, f"{time.monotonic() - began:.1f} s, status {status}: {said}")

    def tell(self, right, name, text):
        self.passed += right
        self.failed += not right
        print(f"{'ok  ' if right else 'FAIL'} {name:34} {text}", flush=True)

    def processes(self):
        gone = subprocess.Popen(["true"])
        gone.wait()
        self.says("a PID that is gone", (*self.why, gone.pid), refuses=True)
        for text in ("0", "-1", "99999999999", "4194304", "1x", ""):
            self.says(f"“{text}” for a PID", (*self.why, *(["--"] if text.startswith("-") else []), text), refuses=True)
        with process("sleep", "30") as pid:
            self.says("another user's", (*AS_NOBODY, *self.why, pid, "--seconds", 1), blind="waits")
        threads = [pid for pid in filter(str.isdigit, os.listdir("/proc")) if is_kernel_thread(pid)]
        if threads:
            self.says("a kernel thread", (*self.why, threads[-1], "--seconds", 1))
        zombie = subprocess.Popen(["true"])
        time.sleep(0.2)
        self.says("a zombie", (*self.why, zombie.pid, "--seconds", 1))
        zombie.wait()
        with process("sh", "-c", "sleep 1") as pid:
            self.says("one that ends meanwhile", (*self.why, pid, "--seconds", 5))
        with process("sleep", "30") as pid:
            os.kill(pid, signal.SIGSTOP)
            self.says("one that is stopped", (*self.why, pid, "--seconds", 1))
        self.says("itself, by its parent", ("sh", "-c", '"$@" $$ --seconds 1; exit $?', "-", *self.why))

    def commands(self):
        self.says("no such command", (*self.why, "--", "/nowhere/at/all"), refuses=True)
        self.says("a command that is over at once", (*self.why, "--", "true"), refuses=False)
        self.says("a command that fails", (*self.why, "--", "false"), statuses=(1,))
        self.says("a command that is killed", (*self.why, "--", "sh", "-c", "kill -9 $$"), statuses=(137,))
        self.says("an orphan that goes on", (*self.why, "--", "sh", "-c", "(sleep 2 &) ; true"), refuses=False)
        self.says(
            "children that are not waited for", (*self.why, "--", "sh", "-c", "trap '' CHLD; sleep 1 & sleep 1 & sleep 2"), refuses=False
        )
        self.says("Ctrl-C", (*self.why, "--", "sleep", "60"), statuses=(130,), after=2)

    def storms(self):
        storm = self.seeds.ours("storm", 100, 20, 8)
        self.says("2,000 threads that come and go", (*self.why, "--", *self.seeds.ours("storm", 100, 20, 5)), refuses=False)
        with process(*storm) as pid:
            self.says("2,000 threads, from outside", (*self.why, pid, "--seconds", 3), refuses=False)

    def hidden(self):
        team = self.seeds.team(1, 800)
        for name, (_, blind) in HIDING.items():
            for user, prefix in (("root", ()), ("nobody", AS_NOBODY)):
                words = (*prefix, *self.why, "--", *team)
                self.says(f"{name}, {user}", without(name, self.seeds.scratch, words), refuses=False, blind=blind)
        with process("sleep", "30") as pid:
            words = (*AS_NOBODY, *self.why, pid, "--seconds", 1)
            self.says("hidepid, another user's", without("hidepid", self.seeds.scratch, words), refuses=True)

    def costs(self, seconds=10):
        """At most a hundredth of one CPU for a tree of 200 threads, its own start included."""
        with beside(self.seeds.ours("tick", seconds + 3, 199, 5, 0.2)):
            pid = next(pid for pid in children(os.getpid()) if stat(pid)[0] == "tick")
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            running = subprocess.Popen([*self.why, str(pid), "--seconds", str(seconds)], **quiet)
            _, status, usage = os.wait4(running.pid, 0)
        used = usage.ru_utime + usage.ru_stime
        share = 100 * used / seconds
        self.tell(status == 0 and share <= 1, "200 threads for 10 s", f"{used:.3f} s of CPU time: {share:.2f} % of one CPU")


def is_document(text, blind):
    try:
        document = json.loads(text)
        unseen = {cause["code"] for cause in document["unknown"]}
        return document["schema"].startswith("advisor.why/") and (blind is None or blind in unseen)
    except (ValueError, KeyError, TypeError):
        return False


def is_kernel_thread(pid):
    try:
        return stat(pid)[1][1] == "2"
    except OSError:
        return False


def check(program, seeds, wanted):
    hostile = Hostile(program, seeds)
    for part in (hostile.processes, hostile.commands, hostile.storms, hostile.hidden, hostile.costs):
        if wanted(part.__name__):
            part()
    print(f"{hostile.passed} passed, {hostile.failed} failed")
    return not hostile.failed
