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
      guard let cpu = KernelText.words(line).first.flatMap({ KernelText.integer($0.dropFirst(3)) }),
        let time = CPUTime(line)
      else { continue }
      times[cpu] = time
    }
    return times.isEmpty ? nil : times
  }

  /// Reads a line: a name, then user, nice, system, idle, iowait, irq, softirq, steal; nil where it has less than the first four.
  init?(_ line: ArraySlice<UInt8>) {
    let ticks = KernelText.words(line).dropFirst().prefix(8).map { KernelText.integer($0) ?? 0 }
    guard ticks.count >= 4 else { return nil }
    idle = ticks[3] &+ (ticks.count > 4 ? ticks[4] : 0)
    stolen = ticks.count > 7 ? ticks[7] : 0
    niced = ticks[1]
    busy = ticks.reduce(0, &+) &- idle &- stolen
  }

  private init(busy: Int, niced: Int, idle: Int, stolen: Int) {
    (self.busy, self.niced, self.idle, self.stolen) = (busy, niced, idle, stolen)
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
