#!/usr/bin/env python3
"""`advisor download` beside curl --parallel, aria2c and the best -j, on kinds of servers, in interleaved rounds.

hosts.py --advisor PROGRAM [--rounds 5] [--only KIND]. Prints the time of each side, and that of advisor in parts of the best's:
of a host that it does not know, and "again", with what its history holds of runs before that took a second or more. A side that does
not bring every file whole counts as lost; one that takes thrice as long as the best runs once. A server that is so many milliseconds
away is at the end of a link (python/link.py, which needs root); other latency is its own. The files lie in a folder in memory.
"""
import argparse
import contextlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from downloads import NGINX_HTTP, free_port, wait_for

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "python"))
import link
WIDTHS = [2, 4, 6, 8, 16, 32, 64, 128, 256]
KIB, MIB = 1 << 10, 1 << 20
# Seconds: nobody that is meant to win takes as long.
PATIENCE = 20

NGINX = NGINX_HTTP + """\
  server {{ listen 127.0.0.1:{port} {tls}; root {root}/www; {certificate} }}
}}
"""

# Kind: the server, and sizes and numbers of files; the round trip to it, in seconds, where it is not here.
KINDS = {
    "short queue": ("http.server", [(300 * KIB, 200)]),
    "short queue, 50 ms away": ("http.server", [(300 * KIB, 200)], 0.05),
    "no keep-alive": ("close", [(16 * KIB, 500)], 0.02),
    "HTTP/2": ("h2", [(64 * KIB, 500)]),
    "serves 6 at once": ("places", [(16 * KIB, 200)]),
    "429 above 8": ("refuses", [(16 * KIB, 200)]),
    "30 ms away": ("plain", [(16 * KIB, 1000)], 0.03),
    "200 ms away": ("plain", [(16 * KIB, 1000)], 0.2),
    "one slow file": ("slow-file", [(64 * KIB, 100)]),
    "1 KiB × 2,000": ("nginx", [(KIB, 2000)]),
    "20 MiB × 20": ("nginx", [(20 * MIB, 20)]),
    "rate-limited": ("rate", [(MIB, 32)]),
    "dropping": ("drops", [(64 * KIB, 200)], 0.02),
    "answers after 30 ms": ("near", [(16 * KIB, 1000)]),
    "answers after 200 ms": ("far", [(16 * KIB, 1000)]),
}


class Site:
    """A server with its list of files, in a folder that is removed at the end."""

    def __init__(self, kind):
        self.server, sizes, *self.link = KINDS[kind]
        memory = pathlib.Path("/dev/shm")
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="advisor-hosts-", dir=memory if memory.is_dir() else None))
        self.root.chmod(0o755)
        self.address, self.port = link.FAR if self.link else "127.0.0.1", free_port()
        self.files = {f"{size}/file-{number:04}": size for size, count in sizes for number in range(count)}
        if self.server == "slow-file":
            self.files = dict(list(self.files.items())[:50] + [(f"{MIB}/slow-1", MIB)] + list(self.files.items())[50:])
        self.out = self.root / "out"

    def start(self):
        far = [sys.executable, HERE / "python" / "link.py", *map(str, self.link)] if self.link else []
        if self.server in KINDS_OF_OURS:
            server = [sys.executable, HERE / "python" / "hosts.py", self.address, str(self.port), self.server]
            return subprocess.Popen([*far, *server])
        for path, size in self.files.items():
            file = self.root / "www" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(bytes(size))
        if self.server == "http.server":
            server = [sys.executable, "-m", "http.server", str(self.port), "-b", self.address, "-d", self.root / "www"]
            return subprocess.Popen([*far, *server], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self.nginx()

    def nginx(self):
        (self.root / "tmp").mkdir()
        certificate = ""
        if self.server == "h2":
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                 "-addext", "subjectAltName=DNS:localhost", "-keyout", self.root / "key", "-out", self.root / "cert"],
                check=True, capture_output=True)
            certificate = f"ssl_certificate {self.root}/cert; ssl_certificate_key {self.root}/key;"
        configuration = NGINX.format(
            root=self.root, port=self.port, tls="ssl http2" if self.server == "h2" else "", certificate=certificate)
        (self.root / "nginx.conf").write_text(configuration)
        return subprocess.Popen(["nginx", "-c", self.root / "nginx.conf", "-e", self.root / "error.log"])

    def lists(self):
        base = f"https://localhost:{self.port}" if self.server == "h2" else f"http://{self.address}:{self.port}"
        names = [path.split("/")[1] for path in self.files]
        lines = zip(self.files, names)
        (self.root / "urls.txt").write_text("".join(f"{base}/{path}\n" for path in self.files))
        (self.root / "urls.curl").write_text(
            "".join(f'url = "{base}/{path}"\noutput = "{self.out}/{name}"\n' for path, name in lines))

    def environment(self):
        more = {"XDG_DATA_HOME": str(self.root / "data")}
        if self.server == "h2":
            more |= {"CURL_CA_BUNDLE": str(self.root / "cert"), "SSL_CERT_FILE": str(self.root / "cert")}
        return {**os.environ, **more}

    def peak(self):
        if self.server not in KINDS_OF_OURS:
            return None
        with urllib.request.urlopen(f"http://{self.address}:{self.port}/peak") as answer:
            return int(answer.read())

    def seconds(self, command):
        """The wall time of a command; None where a file is missing or not whole."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        start = time.perf_counter()
        try:
            run = subprocess.run(command, env=self.environment(), capture_output=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            return None
        wall = time.perf_counter() - start
        for path, size in self.files.items():
            file = self.out / path.split("/")[1]
            if not file.exists() or file.stat().st_size != size:
                print(f"lost by {command[0]}: {run.stderr.decode(errors='replace')[:300]}", file=sys.stderr)
                return None
        return wall


KINDS_OF_OURS = {server for server, *_ in KINDS.values()} - {"http.server", "nginx", "h2"}


@contextlib.contextmanager
def running(kind):
    site = Site(kind)
    process = site.start()
    try:
        wait_for(site.port, site.address)
        site.lists()
        yield site
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(site.root)


def advisor(program, site, *more):
    return [program, "download", site.root / "urls.txt", "--into", site.out, "--no-flush", *more]


def peers(site):
    certificate = [f"--ca-certificate={site.root}/cert"] if site.server == "h2" else []
    return {
        "curl": ["curl", "-sS", "--fail", "--parallel", "--retry", "10", "--retry-all-errors", "--config",
                 site.root / "urls.curl"],
        "aria2c": ["aria2c", "-q", "-j16", "-x1", "--allow-overwrite=true", *certificate, "-d", site.out, "-i",
                   site.root / "urls.txt"],
    }


def best_width(program, site):
    """The -j that was fastest, by one run of each from the widest on, until one takes twice as long."""
    found, whole = {}, {}
    for width in reversed(WIDTHS):
        found[width] = site.seconds(advisor(program, site, "-j", str(width), "--no-history"))
        if found[width] is not None:
            whole[width] = found[width]
            if found[width] > 2 * min(whole.values()):
                break
    return min(whole, key=whole.get), found


def is_beaten(times, name):
    """Whether a side has lost a file, or takes thrice as long as the best: it need not run again."""
    whole = {side: min(taken) for side, taken in times.items() if taken and None not in taken}
    if name in ("advisor", "again") or not times[name]:
        return False
    return name not in whole or whole[name] > 3 * min(whole.values())


def measure(program, kind, rounds):
    with running(kind) as site:
        width, searched = best_width(program, site)
        sides = {"advisor": advisor(program, site, "--no-history"), "again": advisor(program, site)}
        sides[f"-j {width}"] = advisor(program, site, "-j", str(width), "--no-history")
        sides |= peers(site)
        times, peak = {name: [] for name in sides}, None
        for number in range(rounds):
            for name, command in list(sides.items())[:: 1 if number % 2 == 0 else -1]:
                if is_beaten(times, name):
                    continue
                site.peak()
                times[name].append(site.seconds(command))
                if name == "advisor":
                    peak = site.peak()
    medians = {name: None if None in taken else statistics.median(taken) for name, taken in times.items()}
    best = min((name for name in medians if name not in ("advisor", "again") and medians[name]), key=medians.get)
    ratios = {name: medians[name] / medians[best] if medians[name] else None for name in ("advisor", "again")}
    return {"kind": kind, "seconds": medians, "best": best, "ratios": ratios, "peak": peak, "searched": searched}


def shown(seconds):
    return "lost" if seconds is None else f"{seconds:.3f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--advisor", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", help="a kind, by its name; can be given several times")
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    rows = []
    print("| kind | advisor, s | again, s | curl --parallel | aria2c -j16 | best -j | ratios to the best | most at once |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for kind in options.only or KINDS:
        row = measure(options.advisor.resolve(), kind, options.rounds)
        rows.append(row)
        name, seconds = next((name, seconds) for name, seconds in row["seconds"].items() if name.startswith("-j"))
        sides = " | ".join(shown(row["seconds"][side]) for side in ("advisor", "again", "curl", "aria2c"))
        ratios = "; ".join("lost" if ratio is None else f"{ratio:.2f}" for ratio in row["ratios"].values())
        print(f"| {kind} | {sides} | {shown(seconds)} ({name}) | {ratios} | {row['peak'] or '–'} |", flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
