"""What docs/python.md shows does what it says."""

import re
import subprocess
import sys
import unittest
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/python.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


class Documentation(unittest.TestCase):
    def test_each_example_runs(self):
        self.assertGreater(len(EXAMPLES), 4)
        for number, example in enumerate(EXAMPLES, 1):
            with self.subTest(example=number):
                done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True)
                if "No module named 'joblib'" in done.stderr:
                    continue
                self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
