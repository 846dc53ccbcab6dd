"""peer.py serve PORT | peer.py ask PORT WORKERS REQUESTS MILLISECONDS: a server that answers `GET /MILLISECONDS/BYTES` so late (and the
bytes in pieces of 16 kB, each so late), and its client."""

import concurrent.futures
import http.server
import sys
import time
import urllib.request


class Late(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        delay, length = (int(word) for word in self.path.strip("/").split("/"))
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        for sent in range(0, length, 16384):
            time.sleep(delay / 1000)
            self.wfile.write(bytes(min(16384, length - sent)))

    def log_message(self, *_):
        pass


def ask(port, workers, requests, milliseconds):
    def request(_):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{milliseconds}/1000") as answer:
            return len(answer.read())

    if workers == 1:
        return sum(map(request, range(requests)))
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(request, range(requests)))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Late).serve_forever()
    else:
        ask(*(int(word) for word in sys.argv[2:]))
