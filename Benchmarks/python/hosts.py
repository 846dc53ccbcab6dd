#!/usr/bin/env python3
"""A web server with one odd habit, for the benchmark of downloads: hosts.py ADDRESS PORT KIND.

`GET /SIZE/NAME` answers with SIZE bytes; `GET /peak` with the most requests that were under way at once since it was last asked.
"""
import asyncio
import dataclasses
import sys


@dataclasses.dataclass
class Habit:
    """Seconds until an answer begins, and what else is peculiar."""
    delay: float = 0.0
    keeps_alive: bool = True
    # Requests served at once; others wait.
    places: int | None = None
    # Requests at once beyond which it answers 429.
    refuses_above: int | None = None
    # Bytes a second, of all answers together.
    rate: float | None = None
    # Bytes a second of files named slow-….
    slow_rate: float | None = None
    # Every so manieth answer breaks off in the middle.
    drops_every: int | None = None


KINDS = {
    "plain": Habit(),
    "close": Habit(keeps_alive=False),
    "places": Habit(delay=0.05, places=6),
    "refuses": Habit(delay=0.05, refuses_above=8),
    "near": Habit(delay=0.03),
    "far": Habit(delay=0.2),
    "slow-file": Habit(delay=0.02, slow_rate=400e3),
    "rate": Habit(delay=0.02, rate=16e6),
    "drops": Habit(drops_every=10),
}


class Host:
    def __init__(self, habit):
        self.habit = habit
        self.under_way = self.peak = self.answers = 0
        self.free_at = 0.0
        self.places = asyncio.Semaphore(habit.places or 1_000_000)

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if not await self.answer(head.split(b" ", 2)[1].decode(), writer):
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass
        writer.close()

    async def answer(self, path, writer):
        """Answers one request. Returns whether the connection stays."""
        if path == "/peak":
            self.send(writer, 200, str(self.peak).encode())
            self.peak = 0
            return True
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        try:
            return await self.file(path, writer)
        finally:
            self.under_way -= 1

    async def file(self, path, writer):
        habit = self.habit
        if habit.refuses_above and self.under_way > habit.refuses_above:
            self.send(writer, 429, b"too many")
            return True
        _, size, name = path.split("/")
        body = bytes(int(size))
        async with self.places:
            await asyncio.sleep(habit.delay)
            self.answers += 1
            if habit.drops_every and self.answers % habit.drops_every == 0:
                self.send(writer, 200, body[: len(body) // 2], length=len(body))
                await writer.drain()
                writer.transport.abort()
                return False
            self.send(writer, 200, b"", length=len(body))
            await self.body(body, name, writer)
        return habit.keeps_alive

    async def body(self, body, name, writer):
        rate = self.habit.slow_rate if name.startswith("slow-") else None
        piece = 64 * 1024
        for start in range(0, len(body), piece):
            chunk = body[start : start + piece]
            writer.write(chunk)
            if rate:
                await asyncio.sleep(len(chunk) / rate)
            elif self.habit.rate:
                await self.turn(len(chunk))
        await writer.drain()

    async def turn(self, size):
        """Waits until the link that all share has carried so many bytes more."""
        now = asyncio.get_running_loop().time()
        self.free_at = max(self.free_at, now) + size / self.habit.rate
        await asyncio.sleep(self.free_at - now)

    def send(self, writer, status, body, length=None):
        stays = "keep-alive" if self.habit.keeps_alive else "close"
        length = len(body) if length is None else length
        writer.write(f"HTTP/1.1 {status} -\r\nContent-Length: {length}\r\nConnection: {stays}\r\n\r\n".encode() + body)


async def main(address, port, kind):
    server = await asyncio.start_server(Host(KINDS[kind]).serve, address, port, backlog=1024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
