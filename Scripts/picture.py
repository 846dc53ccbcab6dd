#!/usr/bin/env python3
"""Draws what a terminal shows after some commands, as docs/advisor.svg: real output, in light and dark.

usage: Scripts/picture.py ADVISOR OUTPUT.svg
"""

import html
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LINES = ["advisor cpus --why", "advisor run -- gzip -kf {} ::: logs/*.log", "advisor why -- xz -kf logs/1.log"]
WIDTH, LINE, LETTER, MARGIN = 80, 19, 8.43, 20


def typed(line, folder, program):
    """What a command writes to a terminal of 80 columns."""
    controller, terminal = pty.openpty()
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "TERM": "xterm-256color", "COLUMNS": str(WIDTH)}
    subprocess.run(["stty", "cols", str(WIDTH), "rows", "50"], stdin=terminal, check=True)
    child = subprocess.Popen(["sh", "-c", line], stdin=terminal, stdout=terminal, stderr=terminal, cwd=folder, env=environment)
    os.close(terminal)
    written = b""
    try:
        while piece := os.read(controller, 65536):
            written += piece
    except OSError:
        pass
    child.wait()
    os.close(controller)
    return shown(written.decode())


def shown(text):
    """The lines that stay: progress is drawn over itself, on one line or on several."""
    lines, row, is_redrawn = [""], 0, False
    for part in re.split(r"(\r?\n|\r|\x1b\[\??[0-9;]*[A-HJKSThl])", text):
        if part in ("\n", "\r\n"):
            row, is_redrawn = row + 1, False
            lines += [""] * (row + 1 - len(lines))
        elif part == "\r":
            is_redrawn = True
        elif up := re.fullmatch(r"\x1b\[(\d*)A", part):
            row = max(0, row - int(up[1] or 1))
        elif part == "\x1b[J":
            lines[row:] = [""]
        elif part == "\x1b[K" and is_redrawn:
            lines[row] = ""
        elif part and not part.startswith("\x1b[") or re.match(r"\x1b\[[0-9;]*m", part):
            lines[row] = part if is_redrawn else lines[row] + part
            is_redrawn = False
    lines = [line.rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def styled(line):
    """A line as spans: bold, dim and the eight colours."""
    spans, classes = [], []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if code := re.fullmatch(r"\x1b\[([0-9;]*)m", part):
            numbers = [int(number or 0) for number in code[1].split(";")]
            classes = [] if numbers == [0] else classes + [f"s{number}" for number in numbers]
        elif part:
            text = html.escape(part).replace(" ", "\u00a0")
            spans.append(f'<tspan class="{" ".join(classes)}">{text}</tspan>' if classes else text)
    return "".join(spans)


def picture(lines):
    height = 2 * MARGIN + LINE * len(lines)
    rows = "\n".join(
        f'<text x="{MARGIN}" y="{MARGIN + LINE * (number + 0.75):.1f}">{styled(line)}</text>'
        for number, line in enumerate(lines)
        if line
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * MARGIN + WIDTH * LETTER:.0f} {height}" role="img"
 aria-label="A terminal in which advisor counts the usable CPUs, compresses files, and says what holds a command back">
<style>
rect {{ fill: #fbfbf9; stroke: #d8d8d2 }}
text {{ font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #24292f; white-space: pre }}
.s1 {{ font-weight: 700 }} .s2 {{ opacity: .65 }} .s31 {{ fill: #b42318 }} .s32 {{ fill: #1a7f37 }} .s33 {{ fill: #8a5a00 }}
.s34 {{ fill: #0550ae }} .s35 {{ fill: #8250df }} .s36 {{ fill: #0b7285 }}
@media (prefers-color-scheme: dark) {{
rect {{ fill: #16181d; stroke: #30343c }} text {{ fill: #e6e6e1 }}
.s31 {{ fill: #ff8b80 }} .s32 {{ fill: #6fdd8b }} .s33 {{ fill: #e3b341 }} .s34 {{ fill: #79b8ff }} .s35 {{ fill: #d2a8ff }}
.s36 {{ fill: #66d9e8 }}
}}
</style>
<rect x=".5" y=".5" width="{2 * MARGIN + WIDTH * LETTER - 1:.0f}" height="{height - 1}" rx="8"/>
{rows}
</svg>
"""


def main():
    program, output = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "logs").mkdir()
        for number in range(60):
            Path(folder, "logs", f"{number}.log").write_bytes(os.urandom(200_000) + b"a line of a log\n" * 120_000)
        lines = []
        for line in LINES:
            lines += [f"\x1b[32m$\x1b[0m \x1b[1m{line}\x1b[0m", *typed(line, folder, program), ""]
    output.write_text(picture(lines[:-1]))


main()
