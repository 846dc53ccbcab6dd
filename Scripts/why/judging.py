"""Holds what `advisor why` says against what was seeded, and its estimates against what is measured when the change is made."""

import dataclasses
import json
import subprocess

from why import trial

# The codes of causes in the answer that are right for each seeded cause; a healthy tree has none.
CODES = {
    "quota": {"quota"},
    "neighbour": {"runQueue", "steal"},
    "hot thread": {"singleThread"},
    "serial part": {"serialPart"},
    "interpreter lock": {"interpreterLock"},
    "lock": {"lock"},
    "memory bandwidth": {"memoryBandwidth"},
    "disk": {"disk"},
    "network": {"network"},
    "memory pressure": {"memoryPressure"},
    "spinning threads": {"oversubscription"},
    "affinity": {"affinity"},
    "none": {None},
}


# The codes of changes that are a case's remedy, with its cause; those that halve the cause; and those to a number of threads.
REMEDIES = {
    "withoutQuota": "quota",
    "withoutNeighbours": "neighbour",
    "withoutSerialPart": "serial part",
    "processes": "interpreter lock",
    "moreMemory": "memory pressure",
    "withoutAffinity": "affinity",
}
HALVED = {"lockHalved": "lock", "fasterDisk": "disk"}
COUNTED = {"threads", "inFlight"}


def first_cause(document):
    """The code of what binds first, or None where nothing does."""
    return document["causes"][0]["code"] if document["causes"] else None


def changed(change, case):
    """The setting in which the case makes that change; None where it cannot."""
    code = change["code"]
    if code in COUNTED:
        return case.threads and case.threads(round(change["to"]))
    return case.remedy if REMEDIES.get(code) == case.cause else case.halved if HALVED.get(code) == case.cause else None


@dataclasses.dataclass
class Estimate:
    """How many times as fast the tree would be after a change: as `why` expects it, with its interval, and as measured."""

    change: str
    to: float | None
    expected: float
    low: float
    high: float
    measured: float | None = None

    def is_close(self):
        return abs(self.expected / self.measured - 1) <= 0.15

    def is_inside(self):
        return self.low <= self.measured <= self.high

    def __str__(self):
        change = self.change if self.to is None else f"{self.change} {self.to:g}"
        return f"{change}: {self.expected:.2f} ({self.low:.2f}–{self.high:.2f}), measured {self.measured:.2f}"


def estimates(document, case):
    """What the answer says of changes that the case can make, each with the setting that makes it."""
    for change in document["changes"]:
        setting, speedup = changed(change, case), change["speedup"]
        if setting and speedup:
            yield Estimate(change["code"], change["to"], speedup["value"], speedup["low"], speedup["high"]), setting


def judged(program, case, options):
    """One row of the results."""
    user, attaches = options.user, options.attach
    samples = options.record and options.record / f"{case.cause} {case.name}.json".replace(" ", "-").replace(",", "")
    others = trial.others_cpus()
    row = {"cause": case.cause, "name": case.name, "user": user, "got": None, "right": False, "estimates": []}
    try:
        answer = trial.asked(program, case.setting, user, attaches, samples)
    except (subprocess.SubprocessError, OSError) as error:
        return row | {"said": str(error)}
    row |= {"others": others(), "status": answer.status, "said": answer.errors[-500:], "document": answer.document}
    if answer.document is None:
        return row
    row["got"] = first_cause(answer.document)
    row["right"] = row["got"] in CODES[case.cause]
    for estimate, setting in [] if attaches or samples else estimates(answer.document, case):
        # The better of two: what else runs can only make it longer.
        estimate.measured = answer.document["seconds"] / min(trial.timed(setting, user) for _ in range(2))
        row["estimates"].append(estimate)
    return row


def tell(row):
    mark = "ok  " if row["right"] else "FAIL"
    busy = f" (beside others' use of {row['others']:.1f} CPUs)" if row.get("others", 0) > 0.1 else ""
    got = row["got"] or ("none" if row.get("document") else f"no answer: {row['said'].strip()[-200:]}")
    print(f"{mark} {row['cause']:17} {row['name']:24} {got}{busy}", flush=True)
    for estimate in row["estimates"]:
        mark = "ok  " if estimate.is_close() and estimate.is_inside() else "off "
        print(f"     {mark} {estimate}", flush=True)


def judge(program, cases, options, file):
    """Tries all cases, prints a line of each, keeps the rows in the file; true where every goal is met."""
    rows = []
    for case in cases:
        rows.append(judged(program, case, options))
        tell(rows[-1])
        file.write_text(json.dumps(rows, indent=1, default=dataclasses.asdict))
    given = [estimate for row in rows for estimate in row["estimates"]]
    return all([
        told("first cause", [row["right"] for row in rows if row["cause"] != "none"], 33 / 36),
        told("healthy without a cause", [row["right"] for row in rows if row["cause"] == "none"], 1),
        told("estimates within 15 %", [estimate.is_close() for estimate in given], 0.80),
        told("measured inside the interval", [estimate.is_inside() for estimate in given], 0.85),
    ])  # fmt: skip


def told(what, results, goal):
    if results:
        print(f"{what}: {sum(results)} of {len(results)} (goal: {100 * goal:.0f} %)")
    return sum(results) >= goal * len(results)
