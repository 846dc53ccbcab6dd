"""The results as a table of Markdown: what was compared, on which machine, and whether it is what was hoped for."""


def significant(value, digits=3):
    return f"{float(f'{value:.{digits}g}'):g}"


def time(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{significant(seconds / size)} {unit}"
    return f"{significant(seconds / 1e-9)} ns"


def row(pair):
    if "ratio" in pair:
        ratio = pair["ratio"]
        figure = f"{significant(ratio['median'])} × ({significant(ratio['q1'])} – {significant(ratio['q3'])})"
        goal = f"{significant(pair['goal'])} ×"
    else:
        seconds = pair["oursSeconds"]
        figure = f"{time(seconds['median'])} ({time(seconds['q1'])} – {time(seconds['q3'])})"
        goal = time(pair["limitSeconds"])
    verdict = goal if pair["met"] else f"{goal}, **missed**"
    return f"| {pair['name']} | {pair.get('theirs', '–')} | {figure} | {verdict} |"


def markdown(results):
    machine = results["machine"]
    lines = [
        f"# Benchmarks, {results['date']}",
        "",
        f"{machine['model']}, {machine['cpus']} CPUs usable, Linux {machine['kernel']}, advisor {machine.get('advisor', '')}.",
        "",
        "Time of ours over theirs in interleaved pairs, median with quartiles: below one we are faster. Where nothing is",
        "compared with, our time alone.",
        "",
        "| | against | measured | goal at most |",
        "| --- | --- | --- | --- |",
        *map(row, results["pairs"]),
    ]
    for pair in results["pairs"]:
        if "jobs" in pair:
            lines += ["", f"## {pair['name']}", "", "| job | run there as | ratio |", "| --- | --- | --- |"]
            lines += [
                f"| `{job['job']}` | {job['plan']} | {significant(job['ratio']['median'])} × "
                f"({significant(job['ratio']['q1'])} – {significant(job['ratio']['q3'])}) |"
                for job in pair["jobs"]
            ]
    return "\n".join(lines) + "\n"
