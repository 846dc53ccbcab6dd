import AdvisorCore
import Probe

/// The share of all CPUs' time that is not idle, measured from one look to the next.
struct CPUUse {
  private var counters = Contention.reading()
  private var busy: Double?

  /// `CPU 97 %`; nil where the kernel does not tell, and before anything has passed.
  mutating func measure() -> String? {
    if let before = counters, let now = Contention.reading(), let contention = Contention(from: before, to: now) {
      (busy, counters) = (contention.busy, now)
    }
    return busy.map { "CPU \(Int(($0 * 100).rounded())) %" }
  }
}

extension MemoryGauge.Reading {
  /// `1.2 GiB of 8 GiB`: what is used of the tightest limit.
  var text: String { "\(Quantity.text(bytes: Double(usedBytes))) of \(Quantity.text(bytes: Double(limitBytes)))" }
}
