#!/usr/bin/env python3
"""Fits the model's prior discrepancy to verifications: `advisor verify --json --no-history > FILE` on as many machines and in
as many hours as can be had.

    Benchmarks/discrepancy.py FILE ...

For each part that is the largest of a job's predicted time, Student's t with four degrees of freedom is fitted to the logarithm
of observed over predicted seconds by maximum likelihood, once with its mean and once about 0, for the ways that were measured
and by strategy. The scales about 0 are the table in Sources/CostModel/Uncertainty/ModelError.swift; a mean that all machines share
would be a fault of the model.
"""
import collections, json, math, sys

FREEDOM = 4
T95 = 2.132


def cause(job, part):
    """What a verification from before ways had predictions shows by its job alone."""
    named = {"compute": "compute", "spawn": "program", "memory": "memory", "first touch": "memory", "disk": "disk",
             "transfer": "transfer", "wait": "wait", "start": "overhead", "dispatch": "overhead",
             "uneven finish": None}
    if part and named.get(part):
        return named[part]
    if "+" in job:
        return "mixed"
    kind = job.split(":")[0]
    if kind == "io":
        return "wait" if "latency" in job else "transfer"
    return {"cpu": "compute", "mem": "memory"}.get(kind, kind)


def errors(case):
    """(cause, strategy, log ratio) of each way that was predicted; else of the chosen one."""
    ways = [way for way in case.get("ways", []) if way.get("predicted") and way["seconds"] > 0]
    if ways:
        for way in ways:
            yield cause(case["job"], way.get("largestPart")), way["strategy"], math.log(way["seconds"] / way["predicted"]["p50"])
    elif case["observed"] > 0:
        yield cause(case["job"], None), case["chosen"]["strategy"], math.log(case["observed"] / case["predicted"]["p50"])


def fit(values, means):
    def cost(mean, scale):
        tails = sum(math.log1p(((x - mean) / scale) ** 2 / FREEDOM) for x in values)
        return len(values) * math.log(scale) + (FREEDOM + 1) / 2 * tails
    scales = [0.004 * 1.08 ** step for step in range(80)]
    return min(((mean, scale) for mean in means for scale in scales), key=lambda found: cost(*found))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    found = collections.defaultdict(list)
    for path in sys.argv[1:]:
        for case in json.load(open(path))["cases"]:
            for name, strategy, value in errors(case):
                found[name, "all"].append(value)
                found[name, strategy].append(value)
    print(f"{'part':10} {'strategy':11} {'ways':>5} {'mean':>7} {'scale':>7} {'90 %':>7} {'scale about 0':>14} {'inside':>7}")
    for (name, strategy), values in sorted(found.items()):
        mean, scale = fit(values, [step / 100 for step in range(-60, 101)])
        _, about = fit(values, [0])
        inside = sum(abs(x - mean) <= T95 * scale for x in values) / len(values)
        print(f"{name:10} {strategy:11} {len(values):5} {mean:7.2f} {scale:7.3f} ±{T95 * scale:6.2f} {about:14.3f} {100 * inside:6.0f}%")


if __name__ == "__main__":
    main()
