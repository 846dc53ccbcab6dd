"""Download benchmarks: a local nginx, the claims against curl and aria2, and a pipeline that downloads and processes.

The files lie on the disk that `TMPDIR` names. The peers do not wait until it holds them: `--no-flush` does
as they do, and where we wait a `sync` follows them, which promises less: a name may still be there without its bytes.
"""
import contextlib
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile

# To be followed by a server, and the end of http.
NGINX_HTTP = """
daemon off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type application/octet-stream;
  client_body_temp_path {root}/tmp; proxy_temp_path {root}/tmp; fastcgi_temp_path {root}/tmp;
  uwsgi_temp_path {root}/tmp; scgi_temp_path {root}/tmp;
"""
NGINX = NGINX_HTTP + """\
  server {{
    listen 127.0.0.1:{port}; root {root}/www;
    location /remote/ {{ alias {root}/www/; limit_rate 20m; }}
  }}
}}
"""

LATENCY = 0.030


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server():
    """A local nginx with the files of all benchmarks, and a relay to it that is 30 ms away."""
    root = pathlib.Path(tempfile.mkdtemp(prefix="advisor-downloads-"))
    # Started by root, nginx reads as another user.
    root.chmod(0o755)
    port, far = free_port(), free_port()
    (root / "www").mkdir()
    (root / "tmp").mkdir()
    (root / "nginx.conf").write_text(NGINX.format(root=root, port=port))
    fill(root / "www")
    processes = []
    try:
        processes.append(subprocess.Popen(["nginx", "-c", root / "nginx.conf", "-e", root / "error.log"]))
        relay = [sys.executable, pathlib.Path(__file__).parent / "python" / "delay_relay.py"]
        processes.append(subprocess.Popen(relay + [str(far), str(port), str(LATENCY)]))
        for waited in (port, far):
            wait_for(waited)
        yield Site(root, port, far)
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()
        shutil.rmtree(root)


def wait_for(port, address="127.0.0.1"):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")


def fill(www):
    """2,000 files of 1 KiB, 20 of 20 MiB, and four months of electricity readings, zipped."""
    for number in range(2000):
        (www / f"small-{number:04}").write_bytes(os.urandom(1024))
    piece = os.urandom(1 << 20)
    for number in range(20):
        (www / f"big-{number:02}").write_bytes(piece * 20)
    for month in range(1, 5):
        write_readings(www / f"readings-{month:02}.zip", month)


def write_readings(path, month):
    """One reading of each of 50 units every five minutes: some 20 MB of CSV."""
    readings = random.Random(month)
    units = [f"UNIT{number:03}" for number in range(50)]
    lines = ["SETTLEMENTDATE,DUID,SCADAVALUE"]
    for slot in range(30 * 288):
        hour, minute = divmod(slot % 288 * 5, 60)
        date = f"2026/{month:02}/{slot // 288 + 1:02} {hour:02}:{minute:02}:00"
        lines += [f"{date},{unit},{readings.gauss(200, 80):.5f}" for unit in units]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(path.stem + ".csv", "\n".join(lines) + "\n")


class Site:
    def __init__(self, root, port, far):
        self.root, self.port, self.far = root, port, far
        self.out = root / "out"

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def months(self):
        """Behind 30 ms, at 20 MB/s a connection."""
        return [f"http://127.0.0.1:{self.far}/remote/readings-{month:02}.zip" for month in range(1, 5)]

    def lists(self, kind, names):
        """The same URLs as a list for us and aria2, and as a configuration for curl."""
        urls = [self.url(name) for name in names]
        (self.root / f"{kind}.txt").write_text("".join(f"{url}\n" for url in urls))
        curl = "".join(f'url = "{url}"\noutput = "{self.out}/{name}"\n' for url, name in zip(urls, names))
        (self.root / f"{kind}.curl").write_text(curl)
        return self.root / f"{kind}.txt", self.root / f"{kind}.curl"


def pairs(advisor, site, Side, Pair):
    """The claims about downloads."""
    kinds = {
        "2,000 × 1 KiB": ("small", [f"small-{number:04}" for number in range(2000)], 15),
        "20 × 20 MiB": ("big", [f"big-{number:02}" for number in range(20)], 7),
    }
    claims = []
    for title, (kind, names, repeats) in kinds.items():
        urls, curl = site.lists(kind, names)
        run = [advisor, "download", urls, "--into", site.out]
        ours = Side("advisor download --no-flush", run + ["--no-flush"], fresh=site.out)
        flushing = Side("advisor download", run, fresh=site.out)
        for peer, command in {
            "curl --parallel": ["curl", "--no-progress-meter", "--parallel", "--config", curl],
            "aria2c -j16": ["aria2c", "-q", "-j16", "-x1", "--allow-overwrite=true", "-d", site.out, "-i", urls],
        }.items():
            theirs = Side(peer, command, fresh=site.out)
            claims.append(Pair(f"downloads of {title} against {peer}", ours, theirs, goal=1.0, repeats=repeats))
            waiting = Side(f"{peer}; sync -f", ["sh", "-c", '"$@" && sync -f "$0"', site.out, *command], fresh=site.out)
            claims.append(Pair(f"downloads of {title}, flushed, against {peer}", flushing, waiting, goal=1.0, repeats=repeats))
    return claims + pipeline(advisor, site, Side, Pair)


def pipeline(advisor, site, Side, Pair):
    """The course's last exercise: monthly readings are downloaded, and each is processed into means by date."""
    here = pathlib.Path(__file__).parent / "python"
    (site.root / "months.txt").write_text("".join(f"{url}\n" for url in site.months()))
    means = [sys.executable, here / "means_by_date.py"]
    command = [advisor, "download", site.root / "months.txt", "--into", site.out, "--"] + means + ["{}"]
    ours = Side("advisor download … -- python3 means.py {}", command, fresh=site.out)
    return [
        Pair(
            "download and process: against one after the other",
            ours,
            Side("sequential loop", [sys.executable, here / "sequential_months.py", site.out, *site.months()], fresh=site.out),
            goal=1 / 1.9,
            repeats=7,
        ),
        Pair(
            "download and process: against the bound of its bottleneck",
            ours,
            Side(
                "one download, then processing alone on all CPUs",
                [sys.executable, here / "pipeline_bound.py", site.out, *site.months()],
                reads=lambda output: float(output.split()[-1]),
                fresh=site.out,
            ),
            goal=1.10,
            repeats=7,
        ),
    ]
