"""Imports the function, chooses how workers start, and begins. The end of one source with messages.py."""


def imported_here(method):
    """The function and what is known of it, imported in this process to be forked with it; where that is not safe, this program starts again."""
    # What a process that makes a host of itself holds, all copies may have.
    scene = None if HELD_FUNCTION else Scene()
    if method == "auto" and (hazard := threads()):
        start_anew(scene, "spawn", f"before the import Python {hazard}")
    # As the documentation of gc advises who forks: what was imported stays shared between the workers, no collection having
    # left holes in it or writing into it later.
    threshold = gc.get_threshold()
    gc.set_threshold(0)
    try:
        function, seconds = (HELD_FUNCTION, 0.0) if HELD_FUNCTION else imported(FUNCTION, functools.partial(send, REPLIES))
    except Refused as refused:
        os.write(2, refused.trace)
        send(REPLIES, **refused.header)
        os._exit(0)
    if method == "auto" and (hazard := scene.hazard()):
        start_anew(scene, "forkserver", f"once imported, the module {hazard}")
    # Before the freeze, after which the collector shows nothing.
    facts, found = facts_of(function, seconds, unshared(scene.descriptors if scene else open_descriptors())), generators()
    gc.freeze()
    if gc.get_threshold()[0] == 0:
        gc.set_threshold(*threshold)
    return facts, function, found


def main():
    _, _, method, why = ARGUMENTS
    if not HELD_FUNCTION:
        del sys.argv[2:]
    # The function may print: what it prints must not pass for a message.
    if method == "worker":
        run_worker(move(0), move(3), move(4))
    if not HELD_FUNCTION:
        os.dup2(1, REPLIES)
        os.dup2(2, 1)
        os.set_inheritable(REPLIES, False)
    if method not in ("auto", "fork"):
        Host(method, why).run()
    facts, function, found = imported_here(method)
    why = why or "once imported, the module holds no thread, socket, open file or random generator"
    host = Host("fork", why, function, found)
    host.announce(facts)
    host.run()


def move(descriptor):
    """Another number for what stands where a function would look for something else."""
    other = os.dup(descriptor)
    os.close(descriptor)
    return other


if __name__ == "__main__":
    main()
