import Testing

@testable import Execution

/// How many calls run at once, and in how many interpreters.
@Suite struct PythonWidthTests {
  private static func width(_ way: PythonWidth.Way?, workers: Int? = nil) -> PythonWidth {
    var limits = CommandLimits()
    limits.cpus = 2
    return PythonWidth(way, workers: workers, limits: limits)
  }

  private static func usage(cpu: Double, wait: Double) -> WorkerController.Usage {
    .init(wallSeconds: cpu + wait, cpuSeconds: cpu)
  }

  @Test("Calls that compute get an interpreter a CPU")
  func computing() {
    var width = Self.width(nil)
    for task in 0..<40 { width.handle(.ended(Self.usage(cpu: 0.3, wait: 0)), at: 0.15 * Double(task)) }
    #expect(width.shape == (2, 1))
  }

  @Test("Calls that wait are seen after milliseconds, and get threads")
  func waiting() {
    var width = Self.width(nil)
    width.handle(.looked([Self.usage(cpu: 1e-4, wait: 2e-3), Self.usage(cpu: 1e-4, wait: 2e-3)]), at: 0.002)
    // 2 · (1 + 20) · 2 = 84 calls keep two CPUs busy.
    #expect((80...88).contains(width.workers))
    #expect(width.shape.interpreters == 2)
    #expect(width.shape.interpreters * width.shape.threads >= width.workers)
  }

  @Test("What the user says holds", arguments: [(PythonWidth.Way.threads, 1, 8), (.processes, 8, 1), (.loop, 1, 8)])
  func fixed(way: PythonWidth.Way, interpreters: Int, threads: Int) {
    var width = Self.width(way, workers: 8)
    width.handle(.looked([Self.usage(cpu: 0, wait: 1)]), at: 0.01)
    for task in 0..<100 { width.handle(.ended(Self.usage(cpu: 0.001, wait: 1)), at: Double(task)) }
    #expect(width.shape == (interpreters, threads))
  }

  @Test("A loop takes on more coroutines while it has time, and no more when it has none")
  func loop() {
    for (cpu, grows) in [(1e-5, true), (1e-2, false)] {
      var width = Self.width(.loop)
      let first = width.workers
      for task in 0..<3000 { width.handle(.ended(Self.usage(cpu: cpu, wait: 1)), at: 0.01 * Double(task)) }
      #expect((width.workers > first) == grows)
    }
  }
}
