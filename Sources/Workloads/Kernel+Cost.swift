public import AdvisorCore
import System

extension Kernel {
  /// CPU time of one unit, by a few milliseconds of trial: for want of a calibrated figure.
  ///
  /// The least of several slices: what disturbs a slice only ever lengthens it.
  public func secondsPerUnit() throws(AdvisorError) -> Double {
    let workload = makeWorkload()
    let units = workload.sliceUnits
    var least = UInt64.max
    for _ in 0..<8 {
      let start = CPUClock.thread
      _ = try workload.run(units: units)
      least = min(least, CPUClock.thread - start)
    }
    return Double(max(1, least)) / 1e9 / Double(units)
  }
}
