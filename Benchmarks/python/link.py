#!/usr/bin/env python3
"""Runs a server at the far end of a link: link.py SECONDS COMMAND...

The command gets a network of its own, in which it is 10.77.0.2; a packet takes half of SECONDS each way, those that open a
connection too, and is as large as Ethernet's. Needs root and /dev/net/tun.
"""
import collections
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import time

NEAR, FAR = "10.77.0.1", "10.77.0.2"
TUNSETIFF, TUNSETOFFLOAD, TUNSETVNETHDRSZ = 0x400454CA, 0x400454D0, 0x400454D8
IFF_TUN, IFF_NO_PI, IFF_VNET_HDR = 0x0001, 0x1000, 0x4000
# The kernel may leave the cutting of what TCP sends into packets, and their checksums, to the other end.
CHECKSUM, SEGMENTS = 0x01, 0x02


def end(name):
    """One end of the link: what the kernel sends there is read from it."""
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI | IFF_VNET_HDR))
    fcntl.ioctl(tun, TUNSETVNETHDRSZ, struct.pack("i", 10))
    fcntl.ioctl(tun, TUNSETOFFLOAD, CHECKSUM | SEGMENTS)
    return tun


def in_network(command):
    """Starts the command in a network of its own, where it waits for a line."""
    server = subprocess.Popen(
        ["unshare", "-n", "sh", "-c", 'read line; exec "$@"', "sh", *command], stdin=subprocess.PIPE)
    while os.readlink(f"/proc/{server.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
        time.sleep(0.01)
    return server


def connect(name, address, within=()):
    run = [*within, "ip"]
    subprocess.run([*run, "addr", "add", f"{address}/30", "dev", name], check=True)
    subprocess.run([*run, "link", "set", name, "up", "txqueuelen", "10000"], check=True)


def carry(ends, delay, server):
    """Hands each packet on once it is due."""
    waiting = [collections.deque(), collections.deque()]
    while server.poll() is None:
        now = time.monotonic()
        for number, packets in enumerate(waiting):
            while packets and packets[0][0] <= now:
                try:
                    os.write(ends[1 - number], packets.popleft()[1])
                except OSError:
                    pass
        due = min((packets[0][0] for packets in waiting if packets), default=now + 0.1)
        for tun in select.select(ends, [], [], max(0, due - now))[0]:
            take(tun, waiting[ends.index(tun)], time.monotonic() + delay)


def take(tun, packets, due):
    try:
        while True:
            packets.append((due, os.read(tun, 1 << 17)))
    except BlockingIOError:
        pass


def main(seconds, command):
    names = [f"near{os.getpid()}", f"far{os.getpid()}"]
    ends = [end(name) for name in names]
    server = in_network(command)
    try:
        subprocess.run(["ip", "link", "set", names[1], "netns", str(server.pid)], check=True)
        connect(names[0], NEAR)
        connect(names[1], FAR, ["nsenter", "-t", str(server.pid), "-n"])
        server.stdin.write(b"\n")
        server.stdin.close()
        carry(ends, seconds / 2, server)
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    main(float(sys.argv[1]), sys.argv[2:])
