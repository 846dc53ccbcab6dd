/// A row of small bars that shows how shares change over time.
public enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// - Parameters:
  ///   - shares: 0...1 each; several become one bar, their mean, where there are more than columns.
  ///   - columns: the most bars that are drawn.
  /// - Returns: a space for a share that is none, a bar for the rest.
  public static func text(_ shares: [Double], columns: Int) -> String {
    let count = min(columns, shares.count)
    return String(
      (0..<max(0, count)).map { index in
        let piece = shares[(index * shares.count / count)..<((index + 1) * shares.count / count)]
        return bar(piece.reduce(0, +) / Double(piece.count))
      })
  }

  private static func bar(_ share: Double) -> Character {
    guard share >= 0.005 else { return " " }
    return bars[min(bars.count - 1, Int(share * Double(bars.count)))]
  }
}
