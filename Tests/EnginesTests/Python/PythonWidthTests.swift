import AdvisorCore
import Testing
@testable import Engines
@testable import Tasks

/// How many calls run at once, and in how many interpreters.
@Suite struct PythonWidthTests {
  private static func width(_ way: PythonWidth.Way?, workers: Int? = nil, timed: Bool = false) -> PythonWidth {
    var limits = TaskLimits()
    limits.cpus = 2
    return PythonWidth(way, workers: workers, limits: limits, timed: timed)
  }

  private static func usage(cpu: Double, wait: Double) -> WorkerController.Usage {
    .init(wallSeconds: cpu + wait, cpuSeconds: cpu)
  }

  @Test("Calls that compute get an interpreter a CPU")
  func computing() {
    var width = Self.width(nil)
    for task in 0..<40 { width.end(Self.usage(cpu: 0.3, wait: 0), printed: true, at: 0.15 * Double(task)) }
    #expect(width.shape == (2, 1))
  }

  @Test("Calls that wait at the second look get threads at once, however much their start has taken")
  func waiting() {
    var width = Self.width(nil)
    width.look([Self.usage(cpu: 2e-3, wait: 0), Self.usage(cpu: 2e-3, wait: 0)], at: 0.002)
    #expect(width.shape == (2, 1))
    width.look([Self.usage(cpu: 2e-3, wait: 2e-3), Self.usage(cpu: 2e-3, wait: 2e-3)], at: 0.004)
    #expect(width.shape == (2, 128))
  }

  @Test("Calls that half compute get as many as keep the CPUs busy")
  func half() {
    var width = Self.width(nil)
    width.look([Self.usage(cpu: 1e-3, wait: 1e-3), Self.usage(cpu: 1e-3, wait: 1e-3)], at: 0.002)
    // 2 · (1 + 1) · 2 = 8.
    #expect(width.shape == (2, 4))
  }

  @Test("Fewer are started blindly where calls have a time limit")
  func timed() {
    var width = Self.width(nil, timed: true)
    width.look([Self.usage(cpu: 0, wait: 2e-3)], at: 0.002)
    #expect(width.shape == (2, 32))
  }

  @Test("What the user says holds", arguments: [(PythonWidth.Way.threads, 1, 8), (.processes, 8, 1), (.loop, 1, 8)])
  func fixed(way: PythonWidth.Way, interpreters: Int, threads: Int) {
    var width = Self.width(way, workers: 8)
    width.look([Self.usage(cpu: 0, wait: 1)], at: 0.01)
    for task in 0..<100 { width.end(Self.usage(cpu: 0.001, wait: 1), at: Double(task)) }
    #expect(width.shape == (interpreters, threads))
  }

  @Test(
    "The way that is told is the one that calls go",
    arguments: [
      (.threads, .threads), (.processes, .processes), (.loop, .async), (nil, .processes),
    ] as [(PythonWidth.Way?, Strategy)])
  func strategy(way: PythonWidth.Way?, strategy: Strategy) {
    #expect(Self.width(way).strategy == strategy)
    #expect(Self.width(way, workers: 8).strategy == (way == nil ? .threads : strategy))
  }

  @Test("A call more than there are interpreters makes no threads of those that compute")
  func almostOneEach() { #expect(Self.width(nil, workers: 3).strategy == .processes) }

  @Test(
    "Coroutines become twice as many after two rounds; what the user says stays",
    arguments: [(nil, 6), (256, 12)] as [(Int?, Int)])
  func rounds(workers: Int?, rounds: Int) {
    // 256 + 256 + 512 + 512 + 1024 + 440.
    #expect(Self.width(.loop, workers: workers).rounds(of: 3000) == rounds)
    #expect(Self.width(.loop, workers: workers).rounds(of: 200) == 1)
  }

  @Test("A loop takes on more coroutines while it has time, and no more when it has none")
  func loop() {
    for (cpu, grows) in [(1e-5, true), (1e-2, false)] {
      var width = Self.width(.loop)
      let first = width.workers
      for task in 0..<3000 { width.end(Self.usage(cpu: cpu, wait: 1), at: 0.01 * Double(task)) }
      #expect((width.workers > first) == grows)
    }
  }
}
