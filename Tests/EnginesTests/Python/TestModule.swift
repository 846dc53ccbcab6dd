import AdvisorCore
import AdvisorTestSupport
@testable import Engines
@testable import Tasks

/// A folder with a module of functions that behave and misbehave.
final class TestModule {
  static let source = """
    import asyncio, hashlib, os, sys, time

    loads = os.getpid()

    def double(x): return 2 * x
    def who(x): return [os.getpid(), loads]
    def loud(x):
        print("said", x)
        return x
    def fails(x): raise ValueError(f"no {x}")
    def leaves(x): sys.exit(3)
    def ends(x):
        if x == "end": os._exit(4)
        return x
    def crashes(x): os.kill(os.getpid(), 11)
    def unfit(x): return {1, 2}
    def hangs(x):
        if x == "hang": time.sleep(60)
        return x
    def naps(x):
        time.sleep(0.05)
        return x
    async def waits(x):
        await asyncio.sleep(0.05)
        return x
    async def burns(x):
        await asyncio.sleep(0.01)
        return counts(x)
    async def late(x):
        try: await asyncio.wait_for(asyncio.sleep(60), 0.01)
        except asyncio.TimeoutError: raise ValueError("late")
    kept = []
    def keeps(x):
        kept.append(bytearray(64 << 20))
        return len(kept)
    def hashes(x): return len(hashlib.pbkdf2_hmac("sha256", b"", b"", 150_000))
    def counts(x):
        end = time.thread_time() + 0.03
        while time.thread_time() < end: pass
        return x
    class Group:
        def method(x): return x + 1
    number = 7
    """

  private let files: TemporaryFolder
  var folder: String { files.path }

  init() throws {
    files = try TemporaryFolder()
    try add("things", Self.source)
  }

  /// Writes a further module beside it.
  func add(_ name: String, _ source: String) throws { try files.write("\(name).py", source) }

  /// Calls a function with each of the inputs, its output kept.
  func run(
    _ function: String, _ inputs: [String], strategy: Strategy? = nil, startMethod: PythonStart.Method? = nil,
    _ change: (inout TaskOptions) -> Void = { _ in }
  ) throws -> (summary: RunSummary, recorded: Recorded, engine: PythonEngine) {
    var options = TaskOptions()
    options.directory = folder
    options.limits.cpus = 2
    options.retryDelaySeconds = 0
    options.keepsOrder = true
    change(&options)
    let engine = try PythonEngine(
      function: function, program: TestPython.path ?? "python3", strategy: strategy, startMethod: startMethod, options)
    options.workers = nil
    let recorded = Recorded()
    let summary = try recorded.keepingOutput(inOrder: options.keepsOrder) { writer in
      try EngineRunner(
        engine, .function(function), TaskInputs(lists: [InputList(inputs.map { Array($0.utf8) })]), options,
        observer: recorded, writer: writer
      ).run()
    }
    return (summary, recorded, engine)
  }
}
