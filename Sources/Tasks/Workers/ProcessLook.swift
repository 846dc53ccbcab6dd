private import System

/// What a running process has used, read from procfs; nil where the kernel does not tell.
enum ProcessLook {
  /// CPU time and time in the run queue of the process's first thread, in seconds (`/proc/PID/schedstat`).
  static func schedule(of id: Int32) -> (cpuSeconds: Double, queuedSeconds: Double)? {
    schedule(in: "/proc/\(id)/schedstat")
  }

  /// Seconds for which the calling thread has waited in the run queue.
  static var ownQueuedSeconds: Double { schedule(in: "/proc/thread-self/schedstat")?.queuedSeconds ?? 0 }

  private static func schedule(in path: String) -> (cpuSeconds: Double, queuedSeconds: Double)? {
    let text = KernelFile.read(path) ?? []
    guard let figures = text.withUnsafeBytes({ ScheduleFigures($0) }) else { return nil }
    return (Double(figures.runNanoseconds) / 1e9, Double(figures.queueNanoseconds) / 1e9)
  }

  /// What a process and its descendants, of which at most 64 are looked at, have used so far; the CPU time and the wait of
  /// those that run right now are a moment old.
  ///
  /// A shell that waits for what it started has not waited in the sense of a worker.
  static func tree(of id: Int32) -> (usage: WorkerController.Usage, isRunnable: Bool)? {
    var usage = WorkerController.Usage(wallSeconds: 0, cpuSeconds: 0)
    var isRunnable = false
    for process in [id] + descendants(of: id) {
      guard let (cpu, queued) = schedule(of: process) else {
        if process == id { return nil }
        continue
      }
      usage.cpuSeconds += cpu
      usage.queuedSeconds += queued
      usage.memoryBytes += bytes(of: process)
      isRunnable = isRunnable || self.isRunnable(process)
    }
    return (usage, isRunnable)
  }

  /// What a process and its descendants, of which at most 64 are looked at, have in RAM, in bytes; nil where it is gone.
  static func residentBytes(of id: Int32) -> Double? {
    guard let own = ResidentMemory.bytes(of: id) else { return nil }
    return descendants(of: id).reduce(Double(own)) { $0 + bytes(of: $1) }
  }

  private static func bytes(of id: Int32) -> Double { Double(ResidentMemory.bytes(of: id) ?? 0) }

  /// At most 64.
  private static func descendants(of id: Int32) -> ArraySlice<Int32> {
    var ids = [id]
    var index = 0
    while index < ids.count, ids.count <= 64 {
      let children = read("/proc/\(ids[index])/task/\(ids[index])/children")
      ids += children.split(separator: " ").compactMap { Int32($0) }
      index += 1
    }
    return ids.dropFirst().prefix(64)
  }

  /// Whether a process runs, or would if it had a CPU or what is left of its quota (`R` in `/proc/PID/stat`).
  private static func isRunnable(_ id: Int32) -> Bool {
    let text = KernelFile.read("/proc/\(id)/stat") ?? []
    return text.withUnsafeBytes { ProcessStat($0) }?.state == UInt8(ascii: "R")
  }

  /// What a small file holds, without its line end; empty where it cannot be read.
  private static func read(_ path: String) -> String {
    KernelText.string(KernelText.trim((KernelFile.read(path) ?? [])[...]))
  }
}
