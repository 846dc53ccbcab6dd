import AdvisorCore

/// What a run of downloads takes in all, judged when a quarter of the files have come, and again when half have.
///
/// The number in flight is mostly found at the first. What is left is taken to come as fast as the second half of those that came.
struct ArrivalForecast: Sendable {
  private let total: Int
  private var ended = 0
  /// Seconds until an eighth, a quarter and a half of the files had come, by how many these are.
  private var marks: [Int: Double] = [:]
  /// Nil until a quarter has come, and where that is too few to tell anything.
  private(set) var prediction: Prediction?
  /// Nil until half have come.
  private(set) var revised: Prediction.Seconds?
  static let revisedAt = 0.5
  /// The network changes by so much anyway, as a share of the time.
  private static let minSpread = 0.2
  /// Files that get their names together end at the same moment, in seconds.
  private static let burstSeconds = 0.005

  init(_ total: Int) { self.total = total }

  /// Takes in the end of a download.
  ///
  /// - Parameters:
  ///   - seconds: since the run began.
  ///   - cpuSeconds: of the thread that downloads, since then.
  mutating func add(at seconds: Double, cpuSeconds: Double) {
    ended += 1
    guard total >= 8 else { return }
    if [total / 8, total / 4, total / 2].contains(ended) { marks[ended] = seconds }
    if ended == total / 4 {
      let whole = whole(since: total / 8)
      prediction = Prediction(
        seconds: whole, cpuSeconds: cpuSeconds * Double(total) / Double(ended), memoryBytes: 0, fixedSeconds: 0,
        variableSeconds: whole.p50, breakdown: [.init(name: "downloads", seconds: whole.p50)])
    }
    if ended == total / 2 { revised = whole(since: total / 4) }
  }

  /// Of all files, by those that have come since `former` had.
  private func whole(since former: Int) -> Prediction.Seconds {
    let (before, now) = (marks[former] ?? 0, marks[ended] ?? 0)
    let isBurst = now - before < Self.burstSeconds
    let seen = Double(isBurst ? ended : ended - former)
    let left = Double(total - ended)
    let middle = now + left * (isBurst ? now : now - before) / seen
    // Arrivals differ as much as exponential times do.
    let half = TaskTimes.relativeHalfWidth(deviation: 1, of: left, knownFrom: seen, isEstimated: false)
    let spread = 1 + max(Self.minSpread, half)
    return .init(p5: max(now, middle / spread), p50: middle, p95: middle * spread)
  }
}
