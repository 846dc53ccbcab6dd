public import AdvisorCore
import Documents

/// The jobs that advice is tried on.
public enum Suite {
  /// Jobs of every kind, few and many, equal and unequal, each a fraction of a second when run well.
  public static let standard = [
    "cpu:8x1e6", "cpu:2x5e6", "cpu:1x2e7", "cpu:7x2e6", "cpu:64x2e5", "cpu:5000x2e3", "cpu:24x5ms,cv=1",
    "cpu:16x4e6,kernel=sha256", "cpu:12x3e5,kernel=sort", "cpu:32x1e7,kernel=matmul",
    "mem:8x64MiB", "mem:64x4MiB", "disk:16x4MiB", "disk:64x1MiB",
    "wait:200x20ms", "wait:20x5ms", "wait:1000x10ms", "wait:3x50ms", "wait:100x10ms,cv=1",
    "io:100x64KiB,latency=20ms", "io:300x1KiB", "io:16x1MiB", "io:40x4KiB,latency=40ms",
    "io:16x256KiB,latency=10ms+cpu:16x2e6",
  ]

  /// - Parameter path: a job file; nil for the standard suite.
  /// - Throws: ``AdvisorError`` (badData) that names the file and the line at fault.
  public static func jobs(in path: String?) throws(AdvisorError) -> [NamedJob] {
    if let path { return try JobFile(path: path).jobs }
    return try standard.map { text throws(AdvisorError) in NamedJob(try Job.parsed(text)) }
  }
}

/// What people do who do not measure.
enum FixedRule: String, CaseIterable {
  case allCPUsAsThreads = "all CPUs as threads"
  case allCPUsAsProcesses = "all CPUs as processes"
  case twiceTheCPUs = "twice the CPUs as threads"
  case sixtyFourInFlight = "64 in flight"
  /// Of commands.
  case oneAtATime = "one at a time"
  case onePerCPU = "xargs -P, one a CPU"

  /// The strategy and worker count that the rule gives; nil for those of commands.
  func choice(for job: Job, cpus: Int) -> (strategy: Strategy, workers: Int)? {
    let tasks = job.stages.first?.count ?? 1
    let waits = job.stages.allSatisfy { $0.kind == .wait || $0.kind == .io }
    return switch self {
    case .allCPUsAsThreads: (.threads, min(cpus, tasks))
    case .allCPUsAsProcesses: (.processes, min(cpus, tasks))
    case .twiceTheCPUs: (.threads, min(2 * cpus, tasks))
    case .sixtyFourInFlight: (waits ? .async : .threads, min(64, tasks))
    case .oneAtATime, .onePerCPU: nil
    }
  }
}
