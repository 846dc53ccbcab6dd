"""Tells how tasks have ended. Part of one source with dask.py."""


class Reports:
    """How tasks have ended, as told to advisor."""

    async def report(self):
        """Tells how tasks have ended, in as few trips to the workers as can be."""
        while True:
            await self.has_futures.wait()
            self.has_futures.clear()
            async for future in self.completed:
                batch = [future]
                if self.completed.has_ready():
                    batch += self.completed.next_batch(block=False)
                await self.tell_ended(batch)

    async def tell_ended(self, batch):
        finished = [future for future in batch if future.status == "finished"]
        results = await self.gather(finished)
        if len(results) == len(finished):
            for future, result in zip(finished, results):
                self.tell_results(future, result)
        else:
            # A worker was lost with results that had not come home: Dask has those tasks done again.
            for future in finished:
                for result in await self.gather([future]):
                    self.tell_results(future, result)
        for future in batch:
            if future.key not in self.futures or future.status == "finished":
                continue
            if future.status == "pending":
                self.completed.add(future)
                self.has_futures.set()
            elif future.status == "error":
                self.tell_error(future, await future.exception())
            else:
                self.tell_lost(future, future.status)
        for future in finished:
            if future.key in self.futures:
                self.completed.add(future)
                self.has_futures.set()
        self.hand_out()
        sys.stdout.flush()

    async def gather(self, futures):
        try:
            return await self.client.gather(futures, errors="skip", direct=self.cluster is not None or None)
        except OSError as error:
            if self.client.status != "running":
                self.lose_scheduler(error)
            return []

    def take(self, future):
        chunk, _ = self.futures.pop(future.key, ([], None))
        future.release()
        return chunk

    def tell_results(self, future, results):
        for task, result in zip(self.take(future), results):
            self.count += 1
            self.seconds += result.get("wall", 0)
            tell("ended", id=task["id"], **result)
            if task["id"] == self.suspect:
                self.try_next_suspect()

    def tell_error(self, future, error):
        chunk = self.take(future)
        if type(error).__name__ != "KilledWorker":
            for task in chunk:
                tell("ended", id=task["id"], ending="failed", reason=f"failed on its worker: {error!r}")
        elif len(chunk) == 1 and chunk[0]["id"] == self.suspect:
            tell("ended", id=self.suspect, ending="failed", reason="killed its worker again and again")
            self.try_next_suspect()
        else:
            # Dask blames all that a worker had when it died: one after the other they show which of them it was.
            self.suspects += chunk
            if self.suspect is None:
                self.try_next_suspect()

    def try_next_suspect(self):
        self.suspect = None
        if self.suspects:
            task = self.suspects.pop(0)
            self.suspect = task["id"]
            self.send([[task]])

    def tell_lost(self, future, why):
        if self.client.status != "running":
            self.lose_scheduler()
        for task in self.take(future):
            tell("lost", id=task["id"], reason=f"its worker was lost with its result ({why})")
