"""`advisor.recommend`: how to run a job here, and how sure that is."""

from __future__ import annotations

import html
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from advisor import _program


@dataclass(frozen=True)
class Interval:
    """Seconds: the median, and the ends of the 90 % interval."""

    p5: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Way:
    """One way to run a job."""

    strategy: str
    workers: int
    chunk: int
    seconds: Interval
    speedup: float
    limit: str

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Way:
        seconds = Interval(**found["predicted"]["seconds"])
        return cls(
            found["strategy"], found["workers"], found["chunk"], seconds, found["speedup"], found["bindingLimit"]
        )


@dataclass(frozen=True)
class Recommendation:
    """Every way to run a job, the best one first; a table in Jupyter, the program's own words as text."""

    job: str
    best: Way
    alternatives: tuple[Way, ...]
    confidence: float
    reasons: tuple[str, ...]
    caveats: tuple[str, ...]
    #: What does it in Python; None where another runtime was asked about.
    code: str | None
    #: All that the program answered.
    document: Mapping[str, Any] = field(repr=False)

    def __str__(self) -> str:
        way = self.best
        lines = [
            f"{self.job}: {way.strategy}, {way.workers} at once: {_time(way.seconds.p50)} "
            f"(90 %: {_time(way.seconds.p5)} to {_time(way.seconds.p95)})",
            *self.reasons,
            *self.caveats,
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("strategy", "workers", "chunk", "time", "90 %", "speedup", "bound by"))
        rows = []
        for way in (self.best, *(way for way in self.alternatives if way != self.best)):
            seconds = f"{_time(way.seconds.p5)} – {_time(way.seconds.p95)}"
            cells = (way.strategy, way.workers, way.chunk, _time(way.seconds.p50), seconds, f"{way.speedup:.2f}×", way.limit)
            rows.append("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in cells) + "</tr>")
        notes = "".join(f"<li>{html.escape(text)}</li>" for text in (*self.reasons, *self.caveats))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table><ul>{notes}</ul>"


def recommend(job: str, *, runtime: str | None = sys.executable, what_if: Mapping[str, Any] | None = None) -> Recommendation:
    """Ranks every strategy and worker count for a job such as "cpu:500x20ms", "wait:200x50ms" or "io:100x64KiB".

    `runtime` is the interpreter whose ways are meant: this one, or None for compiled programs. What things cost on this
    machine is measured when it is asked for the first time (5 s, and 12 s for an interpreter). `what_if` changes the machine:
    {"cpus": 64}. Raises `Error` with the program's words.
    """
    arguments = ["recommend", "--job", job, "--json"]
    arguments += ["--runtime", runtime] if runtime else []
    for name, value in (what_if or {}).items():
        arguments += ["--what-if", f"{name}={value}"]
    document = json.loads(_program.answer(*arguments))
    return Recommendation(
        document["job"]["text"],
        Way.of(document["recommended"]),
        tuple(Way.of(found) for found in document["alternatives"]),
        document["confidence"],
        tuple(reason["text"] for reason in document["reasons"]),
        tuple(caveat["text"] for caveat in document["caveats"]),
        document.get("runtime", {}).get("code"),
        document,
    )


def _time(seconds: float) -> str:
    """Three digits, as in the program's reports; its JSON has numbers alone."""
    for size, unit in ((3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
