#!/usr/bin/env python3
"""Passes TCP connections on to another port after a delay each way, as a link does: delay_relay.py PORT TARGET SECONDS.

SECONDS is the round trip: what a client waits between its request and the first byte of the reply, beside the server's own time.
"""
import asyncio
import sys


async def carry(reader, writer, delay):
    """Each piece leaves `delay` after it came; later pieces do not wait for earlier ones to have left."""
    loop = asyncio.get_running_loop()
    pieces = asyncio.Queue(maxsize=1024)

    async def leave():
        while (piece := await pieces.get()) is not None:
            due, data = piece
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            writer.write(data)
            await writer.drain()
        writer.close()

    leaving = asyncio.create_task(leave())
    try:
        while data := await reader.read(256 * 1024):
            await pieces.put((loop.time() + delay, data))
    except OSError:
        pass
    await pieces.put(None)
    try:
        await leaving
    except OSError:
        pass


async def main(port, target, seconds):
    async def accept(reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(carry(reader, far_writer, seconds / 2), carry(far_reader, writer, seconds / 2))

    server = await asyncio.start_server(accept, "127.0.0.1", port, backlog=512)
    async with server:
        await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
