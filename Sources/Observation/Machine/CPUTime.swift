import AdvisorCore
import Probe
import System

/// What a CPU has done since boot, in clock ticks (proc_stat(5)).
struct CPUTime: Sendable, Hashable {
  /// Without what was stolen.
  var busy: Int
  /// The part of it for processes of low priority, which make way.
  var niced: Int
  var idle: Int
  /// What a hypervisor gave to other guests.
  var stolen: Int

  var total: Int { busy &+ idle &+ stolen }

  static let path = "/proc/stat"

  /// Every CPU's; nil where the file cannot be read or names none.
  static func all(in files: any FileTree) -> [Int: CPUTime]? {
    guard let text = files.bytes(path) else { return nil }
    var times: [Int: CPUTime] = [:]
    // The lines of CPUs are the first.
    for line in KernelText.lines(text) {
      guard line.starts(with: "cpu".utf8) else { break }
      let words = KernelText.words(line)
      let ticks = words.dropFirst().prefix(8).map { KernelText.integer($0) ?? 0 }
      guard let cpu = words.first.flatMap({ KernelText.integer($0.dropFirst(3)) }), ticks.count >= 4 else { continue }
      let idle = ticks[3] &+ (ticks.count > 4 ? ticks[4] : 0)
      let stolen = ticks.count > 7 ? ticks[7] : 0
      let all = ticks.reduce(0, &+)
      times[cpu] = CPUTime(busy: all &- idle &- stolen, niced: ticks[1], idle: idle, stolen: stolen)
    }
    return times.isEmpty ? nil : times
  }

  /// What came to be after an earlier reading; counters may run backwards by a tick (proc_stat(5)).
  func since(_ earlier: CPUTime) -> CPUTime {
    CPUTime(
      busy: max(0, busy &- earlier.busy), niced: max(0, niced &- earlier.niced), idle: max(0, idle &- earlier.idle),
      stolen: max(0, stolen &- earlier.stolen))
  }
}

extension ProcessStat {
  /// Those of all processes that can be seen, by number.
  static func all(in files: any FileTree) -> [Int: ProcessStat] {
    var processes: [Int: ProcessStat] = [:]
    for id in files.numbers(in: "/proc", after: "") ?? [] {
      processes[id] = files.read("/proc/\(id)/stat", limit: 1024).flatMap { text in
        text.withUnsafeBytes { ProcessStat($0) }
      }
    }
    return processes
  }
}
