import AdvisorCore
import Workloads

#if canImport(Glibc)
  import Glibc
#endif

/// What the tasks of one stage do, in numbers that a worker can act on.
struct StageWork: Sendable {
  enum Load: Sendable {
    case kernel(Kernel)
    case stream
    case read(path: String, blockBytes: Int)
    case wait
    case fetch(DownloadAddress)
  }

  var load: Load
  /// Work of a task of mean size: units of the workload; nanoseconds for a wait, bytes for a download.
  var meanUnits: Double
  /// Coefficient of variation of the task sizes.
  var spread: Double

  /// Work of one task: log-normal about the mean, the same in every run and for every worker.
  func units(of task: Int) -> Int {
    guard spread > 0 else { return Int(clamped: meanUnits) }
    // ln X ~ N(-σ²/2, σ²) has mean 1 and coefficient of variation √(exp σ² - 1).
    let variance = log(1 + spread * spread)
    return Int(clamped: meanUnits * exp(variance.squareRoot() * Self.normal(of: task) - variance / 2))
  }

  /// A standard normal number that depends on the task alone (Box and Muller, 1958).
  private static func normal(of task: Int) -> Double {
    let radius = (-2 * log(uniform(UInt64(bitPattern: Int64(task)) &* 2 &+ 1))).squareRoot()
    return radius * cos(2 * .pi * uniform(UInt64(bitPattern: Int64(task)) &* 2 &+ 2))
  }

  /// The output of SplitMix64 at a state, in (0, 1]. Steele, Lea and Flood, OOPSLA 2014.
  private static func uniform(_ position: UInt64) -> Double {
    var bits = position &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return (Double((bits ^ bits >> 31) >> 11) + 1) * 0x1p-53
  }
}

extension Int {
  /// The nearest integer, at least 1 and at most 2^60: job sizes may be written far beyond what an integer holds.
  init(clamped value: Double) {
    self = value.isNaN ? 1 : Int(Swift.max(1, Swift.min(value.rounded(), 0x1p60)))
  }
}
