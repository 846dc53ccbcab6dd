#!/usr/bin/env python3
"""Compares what `advisor probe --json` said in a guest with what lscpu, numactl, lstopo and nproc said there.

usage: compare-probe.py FOLDER      with probe.json, lscpu.txt, caches.json, numactl.txt, lstopo.xml, nproc.txt
Prints one line a difference; the exit status says whether there was any.
"""
import json
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def numbers(cpulist):
    """The CPUs of a Linux cpulist."""
    cpus = set()
    for part in filter(None, cpulist.split(",")):
        first, _, last = part.partition("-")
        cpus.update(range(int(first), int(last or first) + 1))
    return cpus


def probed(folder):
    machine = json.loads((folder / "probe.json").read_text())
    counts = machine["counts"]
    nodes = {node["id"]: node for node in machine["numa"]}
    return {
        "online": numbers(machine["cpus"]["online"]),
        "packages": counts["packages"],
        "cores": counts["cores"],
        "nodes": {i: numbers(node["cpus"]) for i, node in nodes.items()},
        "node sizes": {i: (node["memoryBytes"] or 0) >> 20 for i, node in nodes.items()},
        "distances": {i: node["distances"] for i, node in nodes.items()},
        "caches": sorted(
            (c["level"], c["type"], c["sizeBytes"], c["instances"]) for c in machine["caches"]),
        "CPUs that may be used": machine["usable"]["logicalCPUs"],
    }


def lscpu(folder):
    rows = [line.split(",") for line in (folder / "lscpu.txt").read_text().splitlines() if line[0] != "#"]
    caches = json.loads((folder / "caches.json").read_text() or '{"caches": []}')["caches"]
    return {
        "online": {int(row[0]) for row in rows},
        "cores": len({row[1] for row in rows}),
        "packages": len({row[2] for row in rows}),
        "caches": sorted(
            (c["level"], c["type"], int(c["one-size"]), int(c["all-size"]) // int(c["one-size"])) for c in caches),
    }


def numactl(folder):
    text = (folder / "numactl.txt").read_text()
    if "No NUMA available" in text:
        return {}
    rows = re.findall(r"^ *(\d+): +([\d ]+)$", text, re.M)
    return {
        "nodes": {int(i): set(map(int, cpus.split())) for i, cpus in re.findall(r"node (\d+) cpus:([\d ]*)", text)},
        "node sizes": {int(i): int(size) for i, size in re.findall(r"node (\d+) size: (\d+) MB", text)},
        "distances": {int(i): list(map(int, row.split())) for i, row in rows},
    }


def lstopo(folder):
    objects = list(xml.parse(folder / "lstopo.xml").getroot().iter("object"))
    kinds = [o.get("type") for o in objects]
    return {
        "online": {int(o.get("os_index")) for o in objects if o.get("type") == "PU"},
        "packages": kinds.count("Package"),
        "cores": kinds.count("Core"),
    }


def nproc(folder):
    return {"CPUs that may be used": int((folder / "nproc.txt").read_text())}


def main():
    folder = Path(sys.argv[1])
    ours = probed(folder)
    differences = [
        f"{field}: advisor {ours[field]}, {tool.__name__} {theirs}"
        for tool in (lscpu, numactl, lstopo, nproc)
        for field, theirs in tool(folder).items()
        if ours[field] != theirs
    ]
    print("\n".join(differences) or "agrees")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
