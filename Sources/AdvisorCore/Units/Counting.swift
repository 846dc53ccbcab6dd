/// `1 task`, `2 tasks`. What needs more than an `s` is given whole, with its verb where it has one: `CPU gives`, `CPUs give`.
package func count(_ count: Int, _ one: String, _ several: String? = nil) -> String {
  "\(count) \(count == 1 ? one : several ?? one + "s")"
}

/// `1 worker`, `0.5 CPUs`, `12 k users`: one is what reads as one.
package func count(_ value: Double, _ one: String, _ several: String? = nil) -> String {
  let text = Quantity.text(count: value)
  return "\(text) \(text == "1" ? one : several ?? one + "s")"
}

extension CPUSet {
  /// `CPU 4`, `CPUs 1-2`.
  package var named: String { "\(count == 1 ? "CPU" : "CPUs") \(self)" }
}
