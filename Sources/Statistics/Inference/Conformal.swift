/// Split-conformal prediction: intervals that cover as promised, learnt from past errors alone.
public enum Conformal {
  /// Below this many past errors the promise cannot be kept at 90 % from both sides (docs/model.md, 6.4).
  public static let minScores = 19

  /// How many of its own standard deviations an interval must reach out to cover so large a share of new cases.
  ///
  /// The ⌈(n+1) · coverage⌉-th smallest score: Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005.
  /// - Parameter scores: of past cases, |log(observed / predicted)| over the predicted standard deviation of the logarithm.
  /// - Returns: nil below ``minScores`` scores, or where the rank lies beyond the last.
  public static func quantile(of scores: [Double], coverage: Double = 0.9) -> Double? {
    guard scores.count >= minScores else { return nil }
    let rank = (Double(scores.count + 1) * coverage).rounded(.up)
    guard rank >= 1, rank <= Double(scores.count) else { return nil }
    return scores.sorted()[Int(rank) - 1]
  }
}
