import Statistics

/// Bounds and alternatives to handing out tasks one by one (docs/model.md, 3.4 and 3.5).
enum StaticSplit {
  /// Tasks dealt out beforehand in equal blocks, in mean task times: the unluckiest worker decides (central limit theorem).
  static func makespan(tasks: Int, workers: Int, scv: Double) -> Double {
    let each = Double(tasks) / Double(max(1, workers))
    return each + (scv * each).squareRoot() * Normal.expectedMaximum(of: Double(workers))
  }

  /// max(longest, sum / w) ≤ the optimum of known sizes.
  static func lowerBound(_ sizes: [Double], workers: Int) -> Double {
    max(sizes.max() ?? 0, sizes.reduce(0, +) / Double(max(1, workers)))
  }
}
