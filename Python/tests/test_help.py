"""Which process makes which calls, and when copies of the caller are started."""

import json
import os
import subprocess
import sys
import time
import unittest
from importlib.util import find_spec

import advisor
from advisor._help import Help
from advisor._results import wide_pipe
from advisor._shared import Claims


def run_script(script, environment=None):
    return subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)


class Claiming(unittest.TestCase):
    def test_each_number_goes_to_one_process(self):
        claims = Claims(3000)
        reading, writing = os.pipe()
        children = []
        for size in (1, 7, 50):
            child = os.fork()
            if child == 0:
                while numbers := claims.take(size):
                    os.write(writing, b"".join(b"%d\n" % number for number in numbers))
                os._exit(0)
            children.append(child)
        os.close(writing)
        with open(reading) as file:
            found = [int(line) for line in file]
        for child in children:
            os.waitpid(child, 0)
        self.assertEqual(sorted(found), list(range(3000)))

    def test_what_is_left_can_be_taken_at_once(self):
        claims = Claims(10)
        self.assertEqual((claims.take(3), claims.take_all(), claims.take(1)), (range(3), range(3, 10), range(10, 10)))
        self.assertEqual(claims.taken, 10)


class Helping(unittest.TestCase):
    def help(self, taken=1, count=100, seconds=1.0, cpus=4, script="import time; time.sleep(100)"):
        """So many seconds after its calls have begun; those of a process that runs the script."""
        caller = subprocess.Popen([sys.executable, "-c", f"print(flush=True)\n{script}"], stdout=subprocess.PIPE)
        self.addCleanup(caller.communicate)
        self.addCleanup(caller.kill)
        caller.stdout.readline()
        help = Help(Claims(count))
        help.caller, help.cpus = caller.pid, cpus
        help.looks.clear()
        first = help.look()
        help.looks[0] = first._replace(seconds=first.seconds - seconds)
        help.began -= seconds
        help.claims.take(taken)
        help.look()
        return help

    def busy(self, help, busy):
        """The same, had its calls used so many CPUs."""
        first, last = help.looks[0], help.looks[-1]
        help.looks[-1] = last._replace(busy=first.busy + busy * (last.seconds - first.seconds))
        return help

    def test_it_pays_where_much_is_left(self):
        self.assertTrue(self.help().pays())

    def test_it_does_not_where_little_is_left(self):
        self.assertFalse(self.help(taken=99, seconds=0.1).pays())
        self.assertFalse(self.help(taken=100).pays())

    def test_as_many_calls_are_under_way_as_the_cpus_have_room_for(self):
        for busy, cpus, room in ((1, 4, 3), (0.97, 2, 1), (1, 1, 0), (0.5, 2, 3), (1.6, 2, 0), (2, 16, 14), (13, 16, 0)):
            with self.subTest(busy=busy, cpus=cpus):
                self.assertEqual(self.busy(self.help(cpus=cpus), busy).room(), room)

    def test_calls_that_wait_grow_by_steps_and_not_beyond_those_that_are_left(self):
        waiting = self.busy(self.help(cpus=2, count=1000), 0)
        self.assertEqual([waiting.room(at_once) for at_once in (1, 32, 64)], [31, 32, 0])
        self.assertEqual(self.busy(self.help(taken=8, count=10), 0).room(), 2)

    def test_a_caller_that_computes_is_seen_to_be_busy(self):
        script = "import hashlib; hashlib.pbkdf2_hmac('sha1', b'', b'', 1 << 30)"
        help = self.help(seconds=0, script=script)
        self.assertTrue(help.lasts(os.pipe()[0], 0.1))
        help.look()
        self.assertAlmostEqual(help.busy(), 1, delta=0.2)

    def test_a_first_call_that_computes_is_no_measure_but_has_a_copy_watch_the_next(self):
        help = Help(Claims(100))
        help.claims.take(1)
        end = time.thread_time() + 0.01
        while time.thread_time() < end:
            pass
        self.assertTrue(help.is_due())
        self.assertEqual(len(help.looks), 1)

    def test_a_copy_comes_first_where_many_might_wait_and_the_last_loop_was_not_short(self):
        for count, is_known_short, comes in ((3, True, True), (500, False, True), (500, True, False), (100_000, False, False)):
            with self.subTest(count=count, is_known_short=is_known_short):
                self.assertEqual(Help(Claims(count)).comes_first(is_known_short), comes)

    def test_it_is_not_wanted_once_the_caller_has_ended(self):
        over, life = os.pipe()
        os.close(life)
        help = self.help(taken=100)
        help.due = 0
        self.assertFalse(help.is_wanted(over))

    def test_a_call_under_way_tells_that_the_rest_is_long(self):
        help = self.help(taken=1, count=100)
        first = help.looks[0]._replace(taken=1)
        self.assertTrue(help.is_long(first))
        self.assertFalse(help.is_long(first, at_once=90))
        self.assertFalse(help.is_long(help.looks[-1]))

    def fed(self, help):
        values, feeding = wide_pipe()
        help.feed(feeding)
        os.close(feeding)
        with open(values) as file:
            return [json.loads(line) for line in file]

    def test_short_calls_go_in_pieces_and_long_ones_alone(self):
        short = self.fed(self.help(taken=1000, count=100_000, seconds=0.01))
        self.assertEqual(short[0][0], 1000)
        self.assertGreater(short[0][1], 10)
        long = self.fed(self.help(taken=2, count=10, seconds=5))
        self.assertEqual(long, [[number, 1] for number in range(2, 10)])

    def test_a_million_long_calls_fit_into_the_pipe(self):
        pieces = self.fed(self.help(count=1_000_000))
        numbers = [number for first, count in pieces for number in range(first, first + count)]
        self.assertEqual(numbers, list(range(1, 1_000_000)))


class Sharing(unittest.TestCase):
    def test_short_loops_need_no_program(self):
        script = "import advisor; print(advisor.map(str, range(3)))"
        environment = {**os.environ, "ADVISOR_PROGRAM": "/none/advisor"}
        done = run_script(script, environment)
        self.assertEqual(done.stdout, "['0', '1', '2']\n")

    def test_long_ones_go_on_without_it(self):
        environment = {**os.environ, "ADVISOR_PROGRAM": "/none/advisor"}
        script = "import advisor, time, advisor._help as h; h.LONG = 0; advisor.map(time.sleep, [0.05] * 90); print('done')"
        done = run_script(script, environment)
        self.assertEqual(done.stdout, "done\n", done.stderr)

    def test_a_number_of_workers_without_it_is_an_error_that_says_so(self):
        script = "import advisor, time; advisor.map(time.sleep, [0.05] * 4, workers=2)"
        environment = {**os.environ, "ADVISOR_PROGRAM": "/none/advisor"}
        done = run_script(script, environment)
        self.assertIn("cannot start /none/advisor", done.stderr)

    def test_a_call_that_ends_its_process_takes_no_other_with_it(self):
        caller = os.getpid()

        def dies(value):
            time.sleep(0.002)
            if value % 50 == 40 and os.getpid() != caller:
                os._exit(3)
            return value

        found = advisor.map(dies, range(200), return_exceptions=True)
        for number, result in enumerate(found):
            if number % 50 != 40:
                self.assertEqual(result, number)
            elif result != number:
                self.assertIsInstance(result, advisor.Error)

    def test_stop_iteration_ends_no_loop(self):
        found = advisor.map(next, [iter([1]), iter([]), iter([3])], return_exceptions=True)
        self.assertEqual((found[0], type(found[1]), found[2]), (1, RuntimeError, 3))

    def test_what_copies_print_comes_once_and_whole(self):
        script = (
            "import advisor, os, time\n"
            "print('before')\n"
            "advisor.map(lambda value: (time.sleep(0.01), print(f'{value} ', end='')), range(60))\n"
        )
        done = run_script(script)
        self.assertEqual(sorted(done.stdout.split()), sorted(["before", *map(str, range(60))]))

    def test_random_numbers_differ_in_each_copy(self):
        script = (
            "import advisor, os, random, time\n"
            "found = advisor.map(lambda _: (time.sleep(0.02), random.random(), os.getpid()), range(60))\n"
            "print(len({pid for _, _, pid in found}) > 1, len({number for _, number, _ in found}))\n"
        )
        done = run_script(script)
        self.assertEqual(done.stdout, "True 60\n", done.stderr)

    def test_what_a_plain_function_returns_is_awaited_where_it_can_be(self):
        async def doubled(value):
            return 2 * value

        self.assertEqual(advisor.map(lambda value: doubled(value) if value % 2 else value, range(4)), [0, 2, 2, 6])


@unittest.skipUnless(find_spec("numpy"), "numpy is not installed")
class Libraries(unittest.TestCase):
    SCRIPT = """
import ctypes, os, numpy
import advisor

def threads(_):
    numpy.ones((300, 300)) @ numpy.ones((300, 300))
    paths = {line.split()[-1] for line in open("/proc/self/maps") if "openblas" in line}
    library = ctypes.CDLL(paths.pop())
    names = [f"{prefix}openblas_get_num_threads{suffix}" for prefix in ("", "scipy_") for suffix in ("", "64_", "_64")]
    return next(getattr(library, name) for name in names if hasattr(library, name))()

mine = threads(0)
found = advisor.map(threads, range(8), workers=WORKERS)
print(mine == threads(0), mine, *found)
"""

    def test_copies_share_the_cpus_between_their_matrices(self):
        cpus = advisor.cpus()
        script = self.SCRIPT.replace("WORKERS", str(cpus))
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "4"}
        done = run_script(script, environment)
        if "StopIteration" in done.stderr or "empty set" in done.stderr:
            self.skipTest("this numpy brings no OpenBLAS")
        self.assertEqual(done.stdout.split(), ["True", done.stdout.split()[1], *["1"] * 8], done.stderr)


if __name__ == "__main__":
    unittest.main()
