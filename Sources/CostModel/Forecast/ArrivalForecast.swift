import AdvisorCore

/// What a run of downloads takes in all, judged when a quarter of the files have come.
///
/// The number in flight is mostly found then. What is left is taken to come as fast as the second half of that quarter.
struct ArrivalForecast: Sendable {
  private let total: Int
  private var ended = 0
  /// Seconds until the first eighth had come.
  private var eighth = 0.0
  /// Nil until a quarter has come, and where that is too few to tell anything.
  private(set) var prediction: Prediction?
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
    guard total >= 8, prediction == nil else { return }
    if ended == total / 8 { eighth = seconds }
    guard ended == total / 4 else { return }
    let isBurst = seconds - eighth < Self.burstSeconds
    let seen = Double(isBurst ? ended : ended - total / 8)
    let left = Double(total - ended)
    let middle = seconds + left * (isBurst ? seconds : seconds - eighth) / seen
    // Arrivals differ as much as exponential times do.
    let half = TaskTimes.relativeHalfWidth(deviation: 1, of: left, knownFrom: seen, isEstimated: false)
    let spread = 1 + max(Self.minSpread, half)
    prediction = Prediction(
      seconds: .init(p5: max(seconds, middle / spread), p50: middle, p95: middle * spread),
      cpuSeconds: cpuSeconds * Double(total) / Double(ended), memoryBytes: 0, fixedSeconds: 0, variableSeconds: middle,
      breakdown: [.init(name: "downloads", seconds: middle)])
  }
}
