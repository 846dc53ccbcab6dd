import Console

/// Names what has failed, up to a bound: beyond it failures are only counted.
struct FailureNotes {
  private static let maxNamed = 20
  private var named = 0

  /// Names one in place of the bar, which is drawn again when the run goes on.
  mutating func name(_ text: String, over bar: any ProgressView) {
    named += 1
    guard named <= Self.maxNamed else { return }
    bar.clear()
    Terminal.note(text + (named == Self.maxNamed ? "\nfurther failures are counted, not named" : ""))
  }
}
