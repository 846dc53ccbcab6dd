import AdvisorCore
import Testing

@testable import Probe

@Suite("What else wants the CPUs now") struct PresentLoadTests {
  @Test(
    "Those that run now, less the one that reads, and the last minute's mean",
    arguments: [
      ("0.20 1.10 1.96 3/115 4711\n", 2, 0.2), ("14.11 13.84 12.08 3/202 10424\n", 2, 14.11),
      ("5.00 1.00 1.00 1/90 1\n", 0, 5),
    ])
  func reading(text: String, threads: Double, minute: Double) throws {
    let load = try #require(PresentLoad(loadAverage: Array(text.utf8)))
    #expect(load == PresentLoad(threads: threads, minuteThreads: minute))
  }

  @Test("Text that is not the kernel's says nothing", arguments: ["", "a b c d e", "1 2", "0.1 0.2 0.3 x/y 1"])
  func foreign(text: String) { #expect(PresentLoad(loadAverage: Array(text.utf8)) == nil) }
}
