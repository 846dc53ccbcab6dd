import AdvisorCore

/// Memory that workers map and write for the first time (docs/model.md, 2.2).
struct FirstTouch: Sendable {
  /// Of memory that has just been given back, and of memory that has rested since; nil where it was not measured.
  private let warm: MemoryBandwidth?
  private let rested: MemoryBandwidth?
  /// Bytes that the workers get first and that have not rested.
  private let warmBytes: Double

  /// What others are taken to leave where nobody has looked.
  private static let leftBytes = 0x1p28

  /// - Parameter warmBytes: what comes first and has not rested; nil where nobody has looked.
  init(_ machine: Machine, _ measured: VariableCosts, warmBytes: Double?) {
    warm = MemoryBandwidth(machine: machine, points: measured.firstTouch ?? [])
    rested = MemoryBandwidth(machine: machine, points: measured.restedTouch ?? [])
    self.warmBytes = rested == nil ? .infinity : max(0, warmBytes ?? Self.leftBytes)
  }

  /// Seconds that this number of threads takes for all bytes; nil if first touches were not measured.
  func seconds(bytes: Double, threads: Int) -> Double? {
    guard let warm else { return nil }
    let slow = max(0, bytes - warmBytes)
    return (bytes - slow) / warm.total(threads: threads) + (rested.map { slow / $0.total(threads: threads) } ?? 0)
  }

  /// The error of the slower kind of memory that is touched.
  func error(bytes: Double, threads: Int) -> ErrorSource? {
    (bytes > warmBytes ? rested : warm)?.error(threads: threads)
  }
}
