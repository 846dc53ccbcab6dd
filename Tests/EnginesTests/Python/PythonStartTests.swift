import AdvisorCore
import FoundationEssentials
import Glibc
import Testing
@testable import Engines
@testable import Tasks
import AdvisorTestSupport

/// What must not be copied by a fork: threads (Python's documentation of `os.fork`), sockets and files whose place is shared
/// (fork(2)), connections of SQLite (“How to corrupt an SQLite database file”, 2.6), and generators of random numbers (numpy,
/// “Parallel random number generation”).
@Suite("How Python's interpreters start", .enabled(if: TestPython.isThere, "there is no python3 in /usr/bin"))
struct PythonStartTests {
  private let module: TestModule

  init() throws { module = try TestModule() }

  private func start(_ source: String, startMethod: PythonStart.Method? = nil) throws -> PythonStart? {
    try module.add("held", "\(source)\ndef f(x): return x\n")
    let run = try module.run("held:f", ["1", "2", "3"], startMethod: startMethod)
    #expect(run.recorded.output == "1\n2\n3\n", "\(run.recorded.outcomes)")
    return run.engine.chosenStart
  }

  @Test(
    "A module that holds what a fork must not copy is imported by each interpreter, and the reason is said",
    arguments: [
      (
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True, name='ticker').start()",
        "ticker"
      ),
      ("import socket; s = socket.socketpair()", "a socket"),
      ("import sqlite3; c = sqlite3.connect('x.db'); c.execute('pragma user_version')", "the file x.db"),
      ("kept = open(__file__)", "the file held.py"), ("import os; ends = os.pipe()", "a pipe"),
      ("import select; e = select.epoll()", "eventpoll"),
      ("import subprocess; p = subprocess.Popen(['sleep', '60'])", "has started a process"),
      ("import random; rng = random.Random()", "random.Random"),
      ("import random\nclass A:\n  kept = {'deep': [random.Random(3)]}", "random.Random"),
      ("import random; random.seed(3)", "has seeded"),
      ("import os, functools; os.fork = functools.partial(os.fork)", "has replaced"),
      ("import multiprocessing; pool = multiprocessing.get_context('fork').Pool(1)", "has started a thread"),
    ])
  func hazards(source: String, words: String) throws {
    let start = try #require(try start(source))
    #expect(start.method == .forkserver && start.reason.contains(words), "\(start)")
  }

  @Test(
    "A module that holds nothing of the kind is imported once and forked",
    arguments: [
      "", "import random; rng = random.SystemRandom()", "import sqlite3; c = sqlite3.connect(':memory:')",
      "log = open('log', 'a')", "import tempfile; folder = tempfile.mkdtemp(dir='.')",
      "import multiprocessing; count = multiprocessing.Value('i', 0)",
      "import multiprocessing\nif __name__ == '__main__': pool = multiprocessing.Pool(1)",
      "import threading; t = threading.Thread(target=abs, args=(1,)); t.start(); t.join()",
    ])
  func harmless(source: String) throws { #expect(try start(source)?.method == .fork) }

  /// Python's sqlite3: “check_same_thread: if True (default), ProgrammingError will be raised if the database connection is
  /// used by a thread other than the one that created it”; a file's place and a socket's stream are one for all threads.
  @Test(
    "Calls that wait share no socket, file or connection of the module's, and get their own answers",
    arguments: [
      (
        "import socket; a, b = socket.socketpair()", "a.send(b'%04d' % x); time.sleep(0.02 + 0.02 * (x % 2))",
        "b.recv(4)"
      ),
      (
        "h = open('numbers.py', 'rb')",
        "h.seek(4 * x); time.sleep(0.02 + 0.02 * (x % 2))", "h.read(4)) - int(1000"
      ),
      (
        "import sqlite3; c = sqlite3.connect(':memory:')", "time.sleep(0.03)",
        "c.execute('select ?', (x,)).fetchone()[0]"
      ),
    ], [nil] + PythonStart.Method.allCases.map(Optional.some))
  func unshared(_ module: (held: String, before: String, answer: String), method: PythonStart.Method?) throws {
    // In one interpreter, forks share what they hold: that is as asked.
    let workers = method == .fork ? 1 : nil
    try self.module.add("numbers", (1000..<1099).map(String.init).joined())
    try self.module.add(
      "asks", "import time\n\(module.held)\ndef f(x):\n  \(module.before)\n  return int(\(module.answer))\n")
    let run = try self.module.run("asks:f", (1...12).map(String.init), startMethod: method) { $0.workers = workers }
    #expect(run.recorded.output == (1...12).map { "\($0)\n" }.joined(), "\(run.recorded.outcomes)")
    #expect(run.recorded.notes.contains { $0.hasPrefix("one call at a time") }, "\(run.recorded.notes)")
  }

  @Test("The method that was asked for is obeyed", arguments: PythonStart.Method.allCases)
  func obedience(method: PythonStart.Method) throws {
    #expect(try start("", startMethod: method) == PythonStart(method: method, reason: "as requested"))
  }

  @Test(
    "Every interpreter draws random numbers of its own, however it starts",
    arguments: [nil] + PythonStart.Method.allCases.map(Optional.some))
  func randomNumbers(method: PythonStart.Method?) throws {
    try module.add(
      "drawn",
      "import random, time\nrng = random.Random()\ndef f(x):\n  time.sleep(0.05)\n  return [rng.random(), random.random()]\n"
    )
    let output = try module.run("drawn:f", (1...8).map(String.init), strategy: .processes, startMethod: method) {
      $0.workers = 2
    }.recorded.output
    #expect(Set(output.split(separator: "\n")).count == 8, "\(output)")
  }

  @Test("Numpy is forked, with numbers of its own in each interpreter; a generator of the module's is not")
  func numpy() throws {
    try module.add("hasnumpy", "import numpy\ndef f(x): return 1\n")
    guard (try? module.run("hasnumpy:f", ["1"])) != nil else { return }
    try module.add("np", "import numpy as np, time\ndef f(x):\n  time.sleep(0.05)\n  return np.random.rand()\n")
    let run = try module.run("np:f", (1...8).map(String.init), strategy: .processes) { $0.workers = 2 }
    #expect(run.engine.chosenStart?.method == .fork)
    #expect(Set(run.recorded.output.split(separator: "\n")).count == 8)
    let held = try start("import numpy as np; gen = np.random.default_rng()")
    #expect(held?.reason.contains("Generator") == true)
    #expect(try start("import numpy as np; np.random.seed(1)")?.reason.contains("seeded numpy") == true)
  }

  @Test("Seeded generators, which repeat one another, are said to do so")
  func seeded() throws {
    try module.add("seeded", "import random, time\nrng = random.Random(7)\ndef f(x): time.sleep(0.2)\n")
    let recorded = try module.run("seeded:f", (1...12).map(String.init), strategy: .processes) { $0.workers = 2 }
      .recorded
    #expect(recorded.notes.contains { $0.contains("seeds its random numbers") }, "\(recorded.notes)")
  }

  @Test("What a module can take but once leaves one interpreter, which makes all calls")
  func takenOnce() throws {
    try module.add(
      "taken",
      """
      import socket, time
      s = socket.socket(socket.AF_UNIX)
      s.bind("\\0advisor-test-\(UUID().uuidString)")
      def f(x):
        time.sleep(0.1)
        return x
      """)
    let run = try module.run("taken:f", (1...6).map(String.init), strategy: .processes) { $0.workers = 2 }
    #expect(run.recorded.output == (1...6).map { "\($0)\n" }.joined() && run.summary.progress.failed == 0)
  }

  @Test(
    "A module that ends its interpreter as it is imported is refused",
    arguments: PythonStart.Method.allCases.dropFirst())
  func endsAtImport(method: PythonStart.Method) throws {
    try module.add("ends", "import os; os._exit(3)")
    #expect {
      _ = try module.run("ends:f", ["1"], startMethod: method)
    } throws: {
      "\($0)".contains("status 3")
    }
  }

  @Test(
    "The user's folder stands in nobody's way before the module is asked for",
    arguments: ["json", "queue", "traceback", "asyncio", "random", "os"])
  func shadows(name: String) throws {
    try module.add(name, "raise SystemExit('\(name) of the folder')")
    try module.add("alone", "async def waits(x): return x\ndef fails(x): raise ValueError('no 1')\n")
    #expect(try module.run("alone:waits", ["1"]).recorded.output == "1\n")
    #expect(
      try module.run("alone:fails", ["1"]).recorded.outcomes.map(\.ending) == [.failed("raised ValueError: no 1")])
  }

  @Test(
    "A file of the user's is taken where a module of Python's own has its name", arguments: ["json", "os", "signal"])
  func namesakes(name: String) throws {
    try module.add("sub/\(name)", "def f(x): return 'mine'")
    #expect(try module.run("sub/\(name).py:f", ["1"]).recorded.output == "\"mine\"\n")
  }
}
