"""The plugin of pytest and the backend of joblib, where these are installed."""

import os
import subprocess
import sys
import tempfile
import time
import unittest
from importlib.util import find_spec
from pathlib import Path

import advisor


@unittest.skipUnless(find_spec("xdist"), "pytest-xdist is not installed")
class Pytest(unittest.TestCase):
    def run_pytest(self, *arguments, **environment):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "test_some.py").write_text("def test_nothing():\n    pass\n")
            return subprocess.run(
                [sys.executable, "-m", "pytest", "-p", "advisor._xdist", *arguments, folder],
                env={**os.environ, **environment}, capture_output=True, text=True,
            ).stdout  # fmt: skip

    def test_auto_is_what_advisor_says(self):
        self.assertIn(f"created: {advisor.cpus()}/{advisor.cpus()} worker", self.run_pytest("-n", "auto"))

    def test_a_number_stays_what_was_typed(self):
        self.assertIn("created: 1/1 worker", self.run_pytest("-n", "1"))

    def test_without_the_program_xdist_decides(self):
        self.assertIn("1 passed", self.run_pytest("-n", "auto", ADVISOR_PROGRAM="/none/advisor"))


@unittest.skipUnless(find_spec("joblib"), "joblib is not installed")
class Joblib(unittest.TestCase):
    def calls(self, function, values, **options):
        import joblib

        import advisor.joblib  # noqa: F401: registers the backend

        with joblib.parallel_backend("advisor", **options):
            return joblib.Parallel()(joblib.delayed(function)(value) for value in values)

    def test_results_come_in_order(self):
        self.assertEqual(self.calls(lambda value: value * value, range(300), n_jobs=-1), [v * v for v in range(300)])

    def test_calls_run_elsewhere(self):
        found = self.calls(lambda _: (time.sleep(0.05), os.getpid())[1], range(8), n_jobs=2)
        self.assertNotIn(os.getpid(), found)

    def test_exceptions_are_raised_as_they_are(self):
        def fails(value):
            raise KeyError(value)

        with self.assertRaises(KeyError):
            self.calls(fails, range(5), n_jobs=2)

    def test_a_call_that_ends_its_process_is_an_error_and_no_hang(self):
        with self.assertRaises(advisor.Error):
            self.calls(lambda _: os._exit(3), range(3), n_jobs=2)

    def test_one_worker_is_a_plain_loop(self):
        self.assertEqual(set(self.calls(lambda _: os.getpid(), range(3), n_jobs=1)), {os.getpid()})


if __name__ == "__main__":
    unittest.main()
