"""What a request over the network costs. Part of one source with start.py."""

SMALL, LARGE = 64, 4 << 20


def serve(listener, body):
    """A server of one thread: a reply of fixed size to each request on a connection."""
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while b"\r\n\r\n" in connection.recv(4096):
            connection.sendall(reply)
        connection.close()


class Server:
    """In a process of its own, so that its work does not hold this one's GIL."""

    def __init__(self, size):
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = listener.getsockname()[1]
        self.process = os.fork()
        if self.process == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            try:
                serve(listener, b"x" * size)
            finally:
                os._exit(0)
        listener.close()

    def stop(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def requests(server, count):
    """CPU time of a request over a connection of its own, as urllib and requests make it unless told otherwise."""
    start = time.thread_time()
    for _ in range(count):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
    return (time.thread_time() - start) / count


def loop_requests(server, count):
    """The same by asyncio's streams, several under way at once."""

    async def one():
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(SMALL)
        writer.close()

    async def all_of_them():
        start = time.thread_time()
        await asyncio.gather(*[one() for _ in range(count)])
        return (time.thread_time() - start) / count

    return asyncio.run(all_of_them())


def request_costs(small, large):
    each = requests(small, 20)
    cost("request", each)
    cost("loopRequest", loop_requests(small, 20))
    cost("requestByte", max(requests(large, 2) - each, 0) / LARGE)
