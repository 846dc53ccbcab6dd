public import AdvisorCore
import System

extension PresentLoad {
  /// What else wants the CPUs now, and did over the last minute (`/proc/loadavg`, proc_loadavg(5)).
  ///
  /// - Parameter attempts: readings, 4 ms apart, of which the least counts; one where somebody waits.
  /// - Returns: nil where the kernel does not tell.
  public static func reading(in files: any FileTree = FolderTree.live, attempts: Int = 4) -> PresentLoad? {
    var least: PresentLoad?
    // What runs once and not again is a start of our own, or of a moment.
    for attempt in 0..<attempts {
      if attempt > 0 { MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + 0.004) }
      guard let load = files.read("/proc/loadavg", limit: 128).flatMap({ PresentLoad(loadAverage: $0) }) else { break }
      least = least.map { $0.threads < load.threads ? $0 : load } ?? load
      if load.threads == 0 { break }
    }
    return least
  }

  /// - Parameter loadAverage: as `0.20 1.10 1.96 3/115 4711`; the thread that reads is one of the three.
  init?(loadAverage: [UInt8]) {
    let words = String(decoding: loadAverage, as: UTF8.self).split(separator: " ")
    guard words.count >= 4, let minute = Double(words[0]),
      let running = words[3].split(separator: "/").first.flatMap({ Double($0) })
    else { return nil }
    self.init(threads: running - 1, minuteThreads: minute)
  }
}
