import AdvisorCore
import Statistics
import System
import Workloads

extension Phase {
  /// Bytes a second that threads write for the first time of memory that has rested.
  ///
  /// A guest gives its host back what it has not used for some two seconds, and the host finds it again page by page (free page
  /// reporting, Linux `mm/page_reporting.c`): 0.44 GB/s by one thread of a guest of 2 CPUs, of memory that was given back
  /// just now 18. What is measured is therefore kept until the end.
  static func restedTouch(_ node: Node, _ context: Context) throws(AdvisorError) -> [BandwidthPoint] {
    let counts = doubling(to: node.cpus.count)
    let bytes = max(
      3 * context.arrayBytes, min(1 << 30, (context.machine.usable.memoryBytes ?? 0) / 16 / node.cpus.count))
    let team = try ThreadTeam(node.cpus.count, cpus: node.cpus) { _ throws(AdvisorError) in try RestedTouch(bytes) }
    try useUp(team, threads: node.cpus.count)
    var rates: [Int: [Double]] = [:]
    for _ in 0..<5 where !context.shouldStop() {
      for count in counts {
        context.probe()
        let rate = try team.rate(active: count, seconds: RestedTouch.seconds)
        // A thread that wakes after the end has touched nothing.
        if rate > 0 { rates[count, default: []].append(rate) }
      }
    }
    return points(counts, rates, from: node, to: node)
  }

  /// What was given back last comes first: it is used up once memory has come four times as slowly, several times in a row.
  private static func useUp(_ team: ThreadTeam, threads: Int) throws(AdvisorError) {
    let deadline = MonotonicClock.seconds + 0.05
    var (fastest, slow) = (0.0, 0)
    while slow < 4, MonotonicClock.seconds < deadline {
      let rate = try team.rate(active: threads, seconds: RestedTouch.seconds)
      guard rate > 0 else { continue }
      fastest = max(fastest, rate)
      slow = rate < fastest / 4 ? slow + 1 : 0
    }
  }

  /// Whether rest makes a difference here, by one thread.
  static func isSlower(_ rested: [BandwidthPoint], than warm: [BandwidthPoint]) -> Bool {
    guard let rested = rested.first, let warm = warm.first else { return false }
    return rested.bytesPerSecond.value < warm.bytesPerSecond.value / 2
  }
}

/// Writes memory for the first time, piece after piece, and keeps it; a unit is a byte.
private final class RestedTouch: Workload {
  /// Of a turn, in which a piece that comes slowly is one.
  static let seconds = 0.5e-3

  let sliceUnits = 2 << 20
  private let bytes: Int
  private let memory: MappedMemory
  private var next = 0

  init(_ bytes: Int) throws(AdvisorError) {
    guard let memory = MappedMemory(bytes: bytes, hugePages: .wanted) else {
      throw .lacking("\(bytes >> 20) MiB of memory to touch")
    }
    self.bytes = bytes
    self.memory = memory
  }

  func run(units: Int) -> UInt64 {
    // Where it comes so fast that all is used up, rest makes no difference.
    if next + units > bytes { next = 0 }
    memory.touch(units, at: next)
    next += units
    return UInt64(next)
  }
}
