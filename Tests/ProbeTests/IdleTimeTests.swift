import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import Probe

@Suite struct IdleTimeTests {
  /// user nice system idle iowait irq softirq steal, in ticks: proc_stat(5).
  private static let stat = """
    cpu  30 0 0 700 50 0 0 0
    cpu0 10 0 0 100 20 0 0 0
    cpu1 10 0 0 200 30 0 0 0
    cpu5 10 0 0 400 0 0 0 0
    intr 1 2 3
    """

  @Test(
    "The idle time of the CPUs that are asked for, waits for a disk among it",
    arguments: [(nil, 750), ([0], 120), ([1, 5], 630), ([2], nil), ([0, 2], nil)] as [([Int]?, Int?)])
  func ticks(cpus: [Int]?, ticks: Int?) {
    let tree = MemoryTree(["/proc/stat": bytes(Self.stat)])
    let seconds = IdleTime.seconds(of: cpus.map { CPUSet($0) }, in: tree)
    #expect(seconds == ticks.map { Double($0) * IdleTime.tickSeconds })
  }

  @Test("Nothing is said where the kernel says nothing", arguments: ["", "intr 1 2 3", "cpu0 1 2 3"])
  func nothing(stat: String) {
    #expect(IdleTime.seconds(of: nil, in: MemoryTree(["/proc/stat": bytes(stat)])) == nil)
  }
}
