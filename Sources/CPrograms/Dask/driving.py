"""Drives Dask from the command line to the end. The end of one source with dask.py."""


async def main(options):
    distributed = load()
    # What goes wrong is told in one sentence.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    engine = Engine(distributed, options, os.path.dirname(os.path.abspath(__file__)))
    try:
        await work(engine)
    except Exception as error:
        theirs, ours = await engine.version_of_scheduler(), distributed.__version__
        if theirs in (None, ours):
            raise
        fail(
            f"the Dask scheduler at {engine.address} is distributed {theirs}, and {sys.executable} has {ours}, which it does "
            f"not understand: {type(error).__name__}: {error}",
            f"use the same on both sides: {sys.executable} -m pip install 'distributed=={theirs}'",
        )
    await engine.end()
    leave(0)


async def work(engine):
    await engine.start()
    jobs = [asyncio.ensure_future(job()) for job in (engine.listen, engine.watch, engine.report)]
    done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    for job in done:
        try:
            job.result()
        except OSError as error:
            engine.lose_scheduler(error)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scheduler")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--timeout", default="10s")
    parser.add_argument("--tls-ca")
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    parser.add_argument("--upload", action="append", default=[])
    parser.add_argument("--resource", action="append", default=[], type=lambda text: text.split("="))
    options = parser.parse_args()
    options.resources = {name: float(amount) for name, amount in options.resource}
    return options


if __name__ == "__main__":
    if sys.argv[1:2] == [START]:
        import runpy

        del sys.argv[1]
        runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
        sys.exit(0)
    try:
        asyncio.run(main(arguments()))
    except Exception as error:
        import traceback

        traceback.print_exc()
        fail(f"the Dask engine failed: {type(error).__name__}: {error}", "see above; please report what is no fault of Dask")
