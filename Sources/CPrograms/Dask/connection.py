"""Reaches the scheduler, and watches it and its workers. Part of one source with dask.py."""


class Connection:
    """To a scheduler and its workers, and what is seen of them."""

    async def start(self):
        self.address = self.options.scheduler
        if self.address is None:
            await self.start_cluster()
        elif self.options.tls_ca:
            self.security = self.distributed.Security(
                tls_ca_file=self.options.tls_ca, tls_client_cert=self.options.tls_cert,
                tls_client_key=self.options.tls_key, require_encryption=True,
            )  # fmt: skip
        sys.path.insert(0, self.folder)
        global advisor_tasks
        import advisor_tasks

        await self.connect()
        self.completed = self.distributed.as_completed([], loop=self.client.loop)
        self.has_futures = asyncio.Event()

    async def start_cluster(self):
        self.cluster = LocalCluster(self.options, self.folder)
        # A worker on this machine answers at once, or is dead.
        import dask

        dask.config.set({"distributed.comm.timeouts.connect": "3s"})
        await self.cluster.start()
        while not os.path.exists(self.cluster.file):
            if not await self.cluster.look():
                fail(f"the Dask scheduler did not start: {self.cluster.log()}", "try it by hand: dask scheduler")
            await asyncio.sleep(0.02)
        with open(self.cluster.file) as file:
            self.address, self.security = json.load(file)["address"], self.cluster.security

    async def connect(self):
        client = asyncio.ensure_future(
            self.distributed.Client(
                self.address, asynchronous=True, security=self.security, timeout=self.options.timeout, set_as_default=False
            )
        )
        # Its own limit ends with the connection, which a server of another kind takes too.
        if not (await asyncio.wait([client], timeout=PATIENCE))[0]:
            fail(
                f"cannot reach the Dask scheduler at {self.address}: what listens there has not answered as one for {PATIENCE} s",
                "give the scheduler's own port, as in tcp://HOST:8786: that of its web page, 8787, is another",
            )
        try:
            self.client = client.result()
            if self.cluster is None:
                await self.upload(os.path.join(self.folder, "advisor_tasks.py"))
            for path in self.options.upload:
                await self.upload(path)
        except (OSError, TimeoutError, asyncio.TimeoutError, ValueError, ImportError) as error:
            fail(
                f"cannot reach the Dask scheduler at {self.address}: {type(error).__name__}: {error}",
                "check that it runs there and that its address is right, as in tcp://HOST:8786 (tls:// with --tls-ca)",
            )

    async def version_of_scheduler(self):
        """That of its `distributed`, in the one call that all versions have alike; None where it does not answer."""
        connection = self.security.get_connection_args("client") if self.security else None
        try:
            async with self.distributed.rpc(self.address, connection_args=connection) as scheduler:
                return dict((await asyncio.wait_for(scheduler.versions(), 5))["packages"])["distributed"]
        except Exception:
            return None

    async def upload(self, path):
        """Has all workers import a module, those that join later included."""
        await self.client.upload_file(path)

    async def take_inventory(self):
        try:
            info = await self.client.scheduler.identity(n_workers=-1)
        except TypeError:
            info = await self.client.scheduler.identity()
        workers = [
            {"name": str(worker.get("name", address)), "host": worker.get("host", ""), "slots": worker["nthreads"]}
            for address, worker in info["workers"].items()
        ]
        workers.sort(key=lambda worker: worker["name"])
        self.names = {address: str(worker.get("name", address)) for address, worker in info["workers"].items()}
        self.offered = {}
        for worker in info["workers"].values():
            for name, amount in (worker.get("resources") or {}).items():
                self.offered[name] = max(self.offered.get(name, 0), amount)
        if workers != self.inventory:
            self.inventory = workers
            tell("workers", workers=workers)
            self.hand_out()

    def check_resources(self):
        """Dask waits for ever for what no worker has."""
        for name, amount in self.options.resources.items():
            if self.inventory and self.offered.get(name, 0) < amount:
                has = f"at most {self.offered[name]:g}" if name in self.offered else "none"
                fail(
                    f"a task needs {name}={amount:g}, but of {name} the workers at {self.address} have {has}",
                    f"start workers that have it: dask worker … --resources {name}={amount:g}",
                )

    async def watch(self):
        """Tells the workers that there are, and notices when the scheduler or all workers are gone."""
        told = False
        while True:
            if self.cluster and not await self.cluster.look():
                fail(f"the Dask scheduler or its workers ended: {self.cluster.log()}", "run it again")
            if self.client.status not in ("running", "connecting", "newly-created"):
                self.lose_scheduler()
            try:
                await asyncio.wait_for(self.take_inventory(), 30)
            except (OSError, asyncio.TimeoutError) as error:
                self.lose_scheduler(error)
            self.check_resources()
            expected = self.cluster.count if self.cluster else 1
            if not told and len(self.inventory or []) >= expected:
                told = True
                tell("ready", address=self.address, run=self.run)
            sys.stdout.flush()
            await asyncio.sleep(0.05 if not told else 1)

    def lose_scheduler(self, error=None):
        fail(
            f"the Dask scheduler at {self.address} is gone" + (f": {error}" if error else ""),
            "start it again, and run this again",
        )

    async def end(self):
        if self.cluster is None:
            try:
                await asyncio.wait_for(self.client.run(advisor_tasks.forget, self.run, on_error="ignore"), 2)
                await asyncio.wait_for(self.client.close(), 2)
            except (OSError, ValueError, asyncio.TimeoutError):
                pass
