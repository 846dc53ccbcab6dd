import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing
@testable import Tasks

/// Nothing that a function raises, returns, prints or does to its process keeps a run from its end, or another call from its
/// result.
@Suite("Python functions that misbehave", .enabled(if: TestPython.isThere, "there is no python3 in /usr/bin"))
struct PythonFaultTests {
  private static let source = """
    import asyncio, functools, os, signal, sys, threading, time
    class Mute(Exception):
      def __str__(self): raise RuntimeError("mute")
    class Endless(Exception):
      def __str__(self): return str(self)
    class Base(BaseException): pass
    class Leaving(Exception):
      def __str__(self): os._exit(7)
    def act(x):
      if x == "surrogate": raise ValueError("bad \\udcff name")
      if x == "exitcode": raise SystemExit("\\udcff")
      if x == "mute": raise Mute()
      if x == "endless": raise Endless()
      if x == "base": raise Base("b")
      if x == "interrupt": raise KeyboardInterrupt
      if x == "sigint": os.kill(os.getpid(), signal.SIGINT); time.sleep(1)
      if x == "stop": raise StopIteration(1)
      if x == "generator": raise GeneratorExit
      if x == "cancelled": raise asyncio.CancelledError
      if x == "huge": raise ValueError("y" * 20_000_000)
      if x == "lines": raise ValueError("one\\ntwo")
      if x == "leaving": raise Leaving()
      if x == "nan": return [float("nan")]
      if x == "infinity": return {"a": float("inf")}
      if x == "circle": x = []; x.append(x); return x
      if x == "exit": os._exit(5)
      if x == "closes": os.closerange(3, 256)
      if x == "no threads":
        threading.Event.wait = lambda *_: time.sleep(600)
        raise ValueError("no threads")
      if x == "no writes": os.write = None
      if x == "mute pipe": os.closerange(3, 256); time.sleep(600)
      if x == "replaces":
        for number in range(3, 64):
          try: os.dup2(0, number)
          except OSError: pass
      return x
    async def aact(x):
      await asyncio.sleep(0.001)
      return act(x)
    def forks(x):
      os.fork()
      return x
    def fork_raises(x):
      if os.fork() == 0: raise ValueError("the copy")
      return x
    def fork_stays(x):
      if x == 2 and os.fork() == 0: time.sleep(5)
      elif x == 2: os._exit(5)
      return x
    def binary(x):
      os.write(1, bytes(range(256)))
      return x
    def closes_streams(x):
      sys.stdout.close()
      sys.stderr.close()
      return x
    def no_streams(x):
      sys.stdout = sys.stderr = None
      return x
    def closes_numbers(x):
      for number in 1, 2:
        try: os.close(number)
        except OSError: pass
      return x
    def opens(x):
      closes_numbers(x)
      return sys._getframe(1).f_globals["opened"]("/dev/null") > 2
    async def blocks(x):
      while x == 2: pass
      await asyncio.sleep(0.01)
      return x
    async def coroutine(x, add=1):
      await asyncio.sleep(0.001)
      return x + add
    partial = functools.partial(coroutine, add=1)
    def wrapped(x): return coroutine(x)
    def big(x): return len(x)
    """

  private let module: TestModule

  init() throws {
    module = try TestModule()
    try module.add("bad", Self.source)
  }

  private static let faults = [
    ("surrogate", "raised ValueError: bad \\udcff name"), ("exitcode", "called sys.exit('\\udcff')"),
    ("mute", "raised bad.Mute: "), ("endless", "raised bad.Endless: "), ("base", "raised bad.Base: b"),
    ("interrupt", "raised KeyboardInterrupt"), ("stop", "StopIteration"), ("generator", "raised GeneratorExit"),
    ("cancelled", "CancelledError"), ("huge", "raised ValueError: yyy"), ("lines", "raised ValueError: one two"),
    ("leaving", "status 7"), ("nan", "NaN"), ("infinity", "infinity"), ("circle", "Circular"), ("exit", "status 5"),
    ("closes", "its interpreter"), ("mute pipe", "its interpreter"), ("replaces", "its interpreter"),
  ]

  @Test(
    "A call that goes wrong fails alone, says how, and every other has its result", arguments: faults,
    [("bad:act", Strategy.processes), ("bad:act", .threads), ("bad:aact", .async)])
  func failsAlone(_ fault: (input: String, words: String), _ way: (function: String, strategy: Strategy)) throws {
    let (summary, recorded, _) = try module.run(
      way.function, ["1", "\"\(fault.input)\"", "2", "3"], strategy: way.strategy)
    #expect(recorded.output == "1\n2\n3\n")
    let failed = recorded.outcomes.filter { !$0.succeeded }
    #expect(summary.progress.failed == 1 && failed.map(\.sequence) == [2])
    #expect(failed.first?.text.contains(fault.words) == true && (failed.first?.text.count ?? 0) < 2500, "\(failed)")
  }

  /// Where there is no memory for a thread's first step, `threading` waits for it without an end.
  @Test(
    "A call after which no thread starts, or nothing can be written, fails alone",
    arguments: [("no threads", "raised ValueError: no threads"), ("no writes", "its interpreter")],
    [("bad:act", Strategy.processes), ("bad:aact", .async)])
  func spoilsPython(_ fault: (input: String, words: String), _ way: (function: String, strategy: Strategy)) throws {
    try failsAlone(fault, way)
  }

  @Test(
    "What a call does to its process and its streams changes no result",
    arguments: ["forks", "fork_raises", "binary", "closes_streams", "no_streams", "closes_numbers"],
    [Strategy.processes, .threads])
  func results(function: String, strategy: Strategy) throws {
    let recorded = try module.run("bad:\(function)", ["1", "2", "3", "4"], strategy: strategy).recorded
    #expect(recorded.output == "1\n2\n3\n4\n", "\(recorded.outcomes)")
  }

  @Test("A worker opens its own files above the numbers of the streams, which calls in other threads may close")
  func ownFiles() throws {
    #expect(try module.run("bad:opens", ["1", "2"], strategy: .threads).recorded.output == "true\ntrue\n")
  }

  @Test("The death of an interpreter is noticed where a copy of it still holds its pipes")
  func copyStays() throws {
    let (summary, recorded, _) = try module.run("bad:fork_stays", ["1", "2", "3"], strategy: .processes)
    #expect(recorded.output == "1\n3\n" && summary.progress.failed == 1)
  }

  @Test("A coroutine that blocks its loop is late alone: the others begin again, and that is said")
  func blockingCoroutine() throws {
    let (summary, recorded, _) = try module.run("bad:blocks", (1...8).map(String.init)) { $0.timeout = .seconds(1) }
    #expect(recorded.outcomes.filter { !$0.succeeded }.map(\.sequence) == [2] && summary.progress.succeeded == 7)
    #expect(recorded.notes.contains { $0.contains("begin again") }, "\(recorded.notes)")
  }

  @Test("What returns a coroutine is awaited", arguments: ["partial", "wrapped"])
  func awaited(function: String) throws {
    #expect(try module.run("bad:\(function)", ["1", "2"]).recorded.output == "2\n3\n")
  }

  @Test("A value may be longer than an argument of a program")
  func longValue() throws {
    let file = try TemporaryFile()
    try Data(("\"" + String(repeating: "a", count: 3 << 20) + "\"\n\"b\"\n").utf8).write(to: URL(filePath: file.path))
    let reader = try JSONInputs(InputReader(path: file.path))
    var lengths: [Int] = []
    while case .inputs(let inputs) = try reader.nextRow() { lengths.append(inputs[0].count) }
    #expect(lengths == [(3 << 20) + 2, 3])
    let long = "\"" + String(repeating: "a", count: 3 << 20) + "\""
    #expect(try module.run("bad:big", [long]).recorded.output == "\(3 << 20)\n")
  }
}
