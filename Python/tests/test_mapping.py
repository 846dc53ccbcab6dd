"""`advisor.map` as a user calls it; the program is `$ADVISOR_PROGRAM`, or the one on PATH."""

import asyncio
import contextvars
import functools
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import advisor


def compute(milliseconds):
    end = time.thread_time() + milliseconds / 1000
    while time.thread_time() < end:
        sum(range(1000))
    return os.getpid()


async def pause(value):
    await asyncio.sleep(0.01)
    return value


class Unpicklable:
    def __reduce__(self):
        raise TypeError("not this one")


class Mapping(unittest.TestCase):
    def test_results_come_in_order_and_are_those_of_the_builtin(self):
        values = list(range(60))
        function = lambda value: (compute(2), value * value)[1]  # noqa: E731: a lambda is what people write
        self.assertEqual(advisor.map(function, values), list(map(function, values)))

    def test_several_iterables_are_taken_side_by_side(self):
        self.assertEqual(advisor.map(pow, [2, 3, 4], [5, 6, 7, 8]), [32, 729, 16384])

    def test_a_generator_and_nothing_at_all_are_inputs_too(self):
        self.assertEqual(advisor.map(str, (value for value in range(3))), ["0", "1", "2"])
        self.assertEqual(advisor.map(str, []), [])

    def test_short_loops_run_here_and_long_ones_in_other_processes(self):
        self.assertEqual(set(advisor.map(lambda _: os.getpid(), range(100))), {os.getpid()})
        self.assertGreater(len(set(advisor.map(compute, [20] * 20, strategy="processes", workers=2))), 1)

    def test_coroutine_functions_run_on_an_event_loop_also_below_a_running_one(self):
        self.assertEqual(advisor.map(pause, range(40)), list(range(40)))

        async def notebook():
            return advisor.map(functools.partial(pause), range(5))

        self.assertEqual(asyncio.run(notebook()), list(range(5)))

    def test_some_coroutines_run_here_and_see_the_caller_s_context(self):
        number = contextvars.ContextVar("number")
        number.set(7)

        async def seen(_):
            await asyncio.sleep(0)
            return os.getpid(), number.get()

        self.assertEqual(set(advisor.map(seen, range(50))), {(os.getpid(), 7)})
        self.assertEqual(len(advisor.map(pause, range(300))), 300)

    def test_a_coroutine_s_exception_cancels_the_others(self):
        ended = []

        async def fails(value):
            if value == 3:
                raise KeyError(value)
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                ended.append(value)
                raise

        with self.assertRaises(KeyError):
            advisor.map(fails, range(6))
        self.assertEqual(sorted(ended), [0, 1, 2, 4, 5])

    def test_what_a_notebook_defines_needs_no_name(self):
        offset = 7

        def closure(value):
            compute(5)
            return value + offset

        self.assertEqual(advisor.map(closure, range(20), workers=2), list(range(7, 27)))

    def test_a_long_result_arrives_whole(self):
        found = advisor.map(lambda size: (compute(3), b"x" * size)[1], [1 << 20, 5000, 10] * 5, workers=2)
        self.assertEqual([len(text) for text in found], [1 << 20, 5000, 10] * 5)

    def test_as_completed_gives_what_is_there(self):
        found = advisor.map(lambda s: (time.sleep(s), s)[1], [0.3, 0.01, 0.01], as_completed=True, workers=3)
        self.assertEqual(sorted(found), [0.01, 0.01, 0.3])

    def test_an_iterator_that_is_dropped_leaves_nothing_behind(self):
        found = advisor.map(compute, [20] * 50, as_completed=True, workers=2)
        next(found)
        found.close()
        self.assert_no_children()

    def test_the_first_exception_is_raised_as_it_is_with_its_traceback(self):
        def fails(value):
            compute(2)
            if value == 30:
                raise KeyError("thirty", value)

        with self.assertRaises(KeyError) as caught:
            advisor.map(fails, range(60), workers=2)
        self.assertEqual(caught.exception.args, ("thirty", 30))
        self.assertIn("in fails", str(caught.exception.__cause__))
        self.assert_no_children()

    def test_exceptions_may_stand_where_results_would(self):
        def fails(value):
            if value % 2:
                raise ValueError(value)
            return value

        found = advisor.map(fails, range(4), return_exceptions=True, workers=2)
        self.assertEqual([found[0], found[2]], [0, 2])
        self.assertEqual([type(found[1]), found[3].args], [ValueError, (3,)])

    def test_what_cannot_be_pickled_is_an_error_of_its_call(self):
        with self.assertRaisesRegex(TypeError, "Unpicklable"):
            advisor.map(lambda _: Unpicklable(), range(3), workers=2)

        def fails(_):
            raise type("Local", (Exception,), {})("deep")

        with self.assertRaisesRegex(RuntimeError, "Local: deep"):
            advisor.map(fails, range(3), workers=2)

    def test_a_call_that_ends_its_process_takes_no_other_with_it(self):
        def dies(value):
            if value == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            return value

        found = advisor.map(dies, range(8), return_exceptions=True, workers=2)
        self.assertIsInstance(found[3], advisor.Error)
        self.assertRegex(str(found[3]), "^call 3 .*signal 9")
        self.assertEqual([value for value in found if isinstance(value, int)], [0, 1, 2, 4, 5, 6, 7])

    def test_a_call_over_its_time_is_stopped(self):
        found = advisor.map(lambda s: (time.sleep(s), s)[1], [0, 30], timeout=0.5, return_exceptions=True)
        self.assertEqual(found[0], 0)
        self.assertIsInstance(found[1], advisor.Error)

    def test_an_unknown_strategy_is_refused_in_the_program_s_words(self):
        with self.assertRaisesRegex(advisor.Error, "strategy"):
            advisor.map(str, range(3), strategy="magic")

    def test_open_descriptors_stay_what_they_are(self):
        before = set(os.listdir("/proc/self/fd"))
        advisor.map(compute, [5] * 20, workers=2)
        self.assertEqual(set(os.listdir("/proc/self/fd")), before)

    def test_a_call_may_use_a_file_that_is_open_under_a_low_number(self):
        with open(__file__) as file:
            text = file.readline()
            found = advisor.map(lambda _: (compute(5), os.pread(file.fileno(), len(text), 0))[1], range(10), workers=2)
        self.assertEqual(set(found), {text.encode()})

    def test_threads_of_the_caller_do_no_harm(self):
        stop = threading.Event()
        threads = [threading.Thread(target=stop.wait) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            self.assertEqual(advisor.map(lambda v: (compute(5), v)[1], range(20), workers=2), list(range(20)))
        finally:
            stop.set()

    def test_an_interrupt_leaves_nothing_behind(self):
        # Whoever starts the tests in the background of a shell has them ignore interrupts.
        program = (
            "import advisor, signal, time\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "print('begun', flush=True)\n"
            "advisor.map(lambda s: time.sleep(s), [30] * 8)\n"
        )
        child = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
        child.stdout.readline()
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        _, error = child.communicate(timeout=60)
        self.assertIn(b"KeyboardInterrupt", error)
        with self.assertRaises(ProcessLookupError):
            os.killpg(child.pid, 0)

    def test_without_the_program_the_error_says_what_to_do(self):
        script = "import advisor\ntry: advisor.cpus()\nexcept advisor.Error as error: print(error)"
        environment = {**os.environ, "PATH": "/none", "ADVISOR_PROGRAM": "/none/advisor"}
        said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True).stdout
        self.assertIn("/none/advisor", said)

    def assert_no_children(self):
        with open("/proc/thread-self/children") as file:
            self.assertEqual(file.read().split(), [])


class Counting(unittest.TestCase):
    def test_the_number_is_that_of_the_program(self):
        said = subprocess.run([os.environ.get("ADVISOR_PROGRAM", "advisor"), "cpus"], capture_output=True, check=True)
        self.assertEqual(advisor.cpus(), int(said.stdout))

    def test_a_kind_that_there_is_not_is_refused(self):
        with self.assertRaisesRegex(advisor.Error, "build"):
            advisor.cpus("tea")


if __name__ == "__main__":
    unittest.main()
