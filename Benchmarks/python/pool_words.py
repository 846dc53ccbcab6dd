"""The course's answer to 8 × 1e6 letters: a pool of two processes over random words."""
import random
from multiprocessing import Pool
from string import ascii_letters


def word(letters):
    return "".join([random.choice(ascii_letters) for _ in range(letters)])


if __name__ == "__main__":
    with Pool(2) as pool:
        words = pool.map(word, [1_000_000] * 8)
    assert [len(word) for word in words] == [1_000_000] * 8
