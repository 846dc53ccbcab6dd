"""Work that releases the interpreter's lock, and work that holds it."""
import zlib

BLOCK = bytes(range(256)) * 4096


def compressed(times):
    return sum(len(zlib.compress(BLOCK)) for _ in range(times))


def counted(times):
    return sum(byte for _ in range(times) for byte in BLOCK if byte)
