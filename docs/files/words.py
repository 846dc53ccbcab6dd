"""The course's task: a random word of so many letters, of which the length is told."""
import random
from string import ascii_letters


def word(letters):
    return len("".join([random.choice(ascii_letters) for _ in range(letters)]))
