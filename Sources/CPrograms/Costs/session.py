"""Takes all costs in turn for as long as it may. The end of one source with start.py."""


class Session:
    """All measurements in turn, there and back (ABBA), until the time is over; each at least twice."""

    def __init__(self, seconds, most_workers, modules):
        self.seconds = seconds
        self.counts = sorted({2, most_workers // 2, most_workers} - {0, 1})
        self.modules = modules
        self.methods = multiprocessing.get_all_start_methods()
        # Forked before there is any thread; and what is defined here is nowhere to be imported from.
        self.pools = {count: multiprocessing.get_context("fork").Pool(count) for count in self.counts}
        self.servers = [Server(SMALL), Server(LARGE)]
        self.executors = {count: concurrent.futures.ThreadPoolExecutor(count) for count in self.counts}

    def close(self):
        for server in self.servers:
            server.stop()
        for pool in self.pools.values():
            pool.terminate()

    def steps(self):
        pools, threads = self.pools, self.executors
        steps = [
            ("starting", start_interpreter),
            ("starting", start_threads),
            ("handing over", lambda: round_trips(pools[self.counts[0]])),
            ("handing over", lambda: thread_hops(threads[self.counts[0]])),
            ("event loop", event_loop),
            ("pickling", pickling),
            ("GIL", gil_wait),
            ("requests", lambda: request_costs(*self.servers)),
        ]
        steps += [("computing", kernel)] * 4
        for count in self.counts:
            steps.append(("scaling", lambda n=count: speedup(lambda w, work: pools[n].map(word_length, work, 1), "processes", n)))
            steps.append(("scaling", lambda n=count: speedup(lambda w, work: list(threads[n].map(word_length, work)), "threads", n)))
            steps.append(("scaling", lambda n=count: released_speedup(lambda w, work: list(threads[n].map(zlib.compress, work)), n)))
        for method in self.methods:
            for workers in (1, 2, 4) if method == "fork" else (1, 2):
                steps.append((f"pools by {method}", lambda m=method, w=workers: start_pool(m, w)))
        return steps

    def run(self):
        start = clock()
        modules = [name for name in self.modules if import_module(name)]
        say(share=0.02, phase="memory")
        memory()
        steps = self.steps() + [("importing", lambda n=name: import_module(n)) for name in modules]
        number = 0
        while number < 2 or clock() - start < self.seconds:
            for phase, step in steps if number % 2 == 0 else reversed(steps):
                if number >= 2 and clock() - start >= self.seconds:
                    break
                say(share=min(1.0, (clock() - start) / self.seconds), phase=phase)
                step()
            number += 1


def main():
    say(facts=facts())
    session = Session(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    try:
        session.run()
    finally:
        session.close()


if __name__ == "__main__":
    main()
