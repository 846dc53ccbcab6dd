"""Hands tasks to Dask as it has room for them. Part of one source with dask.py."""


class Engine(Connection, Reports):
    def __init__(self, distributed, options, folder):
        self.distributed, self.options = distributed, options
        self.folder = folder
        self.run = uuid.uuid4().hex[:12]
        self.cluster = self.address = self.security = None
        self.futures = {}
        # Tasks that Dask does not have yet.
        self.backlog = collections.deque()
        self.inventory = None
        self.sent = 0
        # Tasks whose workers have died, and the one of them that is tried alone now.
        self.suspects, self.suspect = [], None
        # Tasks that have ended, and what they took on their workers.
        self.count, self.seconds = 0, 0.0

    def submit(self, tasks):
        for task in tasks:
            task["run"] = self.run
        self.backlog.extend(tasks)
        self.hand_out()

    def hand_out(self):
        """Hands tasks to Dask, short ones several at a time: one costs Dask about 2 ms, however short it is."""
        slots = max(1, sum(worker["slots"] for worker in self.inventory or []))
        each = max(self.seconds / self.count, 1e-4) if self.count >= 8 else CHUNK_SECONDS
        most = slots * max(2, AHEAD_SECONDS / max(each, CHUNK_SECONDS))
        chunks = []
        while self.backlog and len(self.futures) + len(chunks) < most:
            # Towards the end smaller ones, so that all slots end together.
            size = max(1, min(int(CHUNK_SECONDS / each), len(self.backlog) // (2 * slots)))
            chunks.append([self.backlog.popleft() for _ in range(size)])
        if chunks:
            self.send(chunks)

    def send(self, chunks):
        self.sent += len(chunks)
        futures = self.client.map(
            advisor_tasks.run_all, chunks, pure=False, resources=self.options.resources or None, batch_size=None,
            key=[f"advisor-{self.run}-{self.sent - index}" for index in range(len(chunks))],
        )  # fmt: skip
        for chunk, future in zip(chunks, futures):
            self.futures[future.key] = (chunk, future)
        self.completed.update(futures)
        self.has_futures.set()

    async def cancel(self, ids):
        """Ends tasks: those that run tell it themselves; those that do not are given up, and never start."""
        wanted = set(ids)
        for task in [task for task in self.backlog if task["id"] in wanted]:
            self.backlog.remove(task)
            tell("withdrawn", id=task["id"])
        try:
            running = await self.client.run(advisor_tasks.cancel, self.run, ids, on_error="ignore")
        except (OSError, ValueError):
            running = {}
        running = {id for some in running.values() if isinstance(some, list) for id in some}
        for key, (chunk, future) in list(self.futures.items()):
            of_chunk = {task["id"] for task in chunk}
            if of_chunk <= wanted and not of_chunk & running and future.status == "pending":
                del self.futures[key]
                await future.cancel()
                for id in of_chunk:
                    tell("withdrawn", id=id)
        sys.stdout.flush()

    async def hold(self, on):
        """Stops what workers of our own run, or lets it go on: they are on this machine."""
        if self.cluster:
            await self.client.run(advisor_tasks.hold, self.run, on, on_error="ignore")

    async def listen(self):
        """Obeys what comes on standard input until it closes."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=1 << 30)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(os.dup(0), "rb"))
        rest = b""
        while piece := await reader.read(1 << 20):
            *lines, rest = (rest + piece).split(b"\n")
            tasks = []
            for message in map(json.loads, lines):
                do = message.pop("do")
                if do == "submit":
                    tasks.append(message)
                elif do == "hold":
                    await self.hold(message["on"])
                else:
                    await self.cancel(message["ids"])
            if tasks:
                self.submit(tasks)
