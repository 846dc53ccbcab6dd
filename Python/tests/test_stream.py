"""How copies share calls that come one by one."""

import json
import os
import unittest

from advisor._stream import Stream, StreamHelp


class Taking(unittest.TestCase):
    def setUp(self):
        self.stream = Stream()
        self.addCleanup(os.close, self.stream.reading)
        self.addCleanup(self.stream.close)

    def test_each_call_goes_to_one_process_until_no_more_come(self):
        found, answers = os.pipe()
        children = []
        for _ in range(3):
            child = os.fork()
            if child == 0:
                os.close(self.stream.writing)
                for index, place, size in self.stream.take():
                    os.write(answers, b"%d\n" % index if (place, size) == (index * 1000, 7) else b"-1\n")
                os._exit(0)
            children.append(child)
        os.close(answers)
        for index in range(5000):
            self.stream.put(index, index * 1000, 7)
        self.stream.end()
        with open(found) as file:
            self.assertEqual(sorted(int(line) for line in file), list(range(5000)))
        for child in children:
            os.waitpid(child, 0)
        self.assertEqual((self.stream.taken, self.stream.count), (5000, 5000))

    def test_the_program_reads_lines_of_json(self):
        self.stream.put(3, 1 << 40, 1 << 31)
        self.stream.end()
        self.assertEqual(json.loads(os.read(self.stream.reading, 4096).decode()), [3, 1 << 40, 1 << 31])

    def test_what_comes_after_a_stop_is_left_to_the_program(self):
        for index in range(3):
            self.stream.put(index, 0, 0)
        taking = self.stream.take()
        self.assertEqual(next(taking), [0, 0, 0])
        self.stream.stop()
        self.assertEqual(list(taking), [])
        self.assertEqual((self.stream.taken, self.stream.count), (1, 3))
        self.stream.end()


class Growing(unittest.TestCase):
    def help(self, cpus=8, workers=None, calls=100):
        self.stream = Stream()
        self.addCleanup(os.close, self.stream.reading)
        self.addCleanup(self.stream.close)
        self.addCleanup(self.stream.end)
        help = StreamHelp(self.stream, cpus, workers)
        self.addCleanup(help.close)
        self.calls = self.stream.take()
        for index in range(calls):
            self.stream.put(index, 0, 0)
        return help

    def take(self, count):
        for _ in range(count):
            next(self.calls)

    def test_two_copies_are_made_before_it_is_known_what_calls_need(self):
        self.assertEqual(self.help().room(0), 2)
        self.assertEqual(self.help(workers=1).room(0), 1)

    def test_more_are_made_when_each_has_had_a_call_and_was_looked_at(self):
        help = self.help(cpus=2)
        self.assertEqual((help.room(0), help.room(2)), (2, 0))
        self.take(2)
        self.assertEqual(help.room(2), 0)
        help.look()
        # No copy has used a CPU: calls wait.
        self.assertEqual(help.room(2), 62)

    def test_a_number_of_workers_is_what_there_will_be(self):
        help = self.help(workers=5)
        self.assertEqual((help.room(0), help.room(2), help.room(5)), (2, 3, 0))
        self.assertFalse(help.is_long(help.looks[0]))

    def test_no_more_are_made_than_calls_are_left(self):
        help = self.help(workers=50, calls=4)
        self.take(1)
        self.assertEqual(help.room(2), 3)


if __name__ == "__main__":
    unittest.main()
