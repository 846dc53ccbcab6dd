import AdvisorCore
import Workloads
import System

/// What a run of downloads takes in all, judged when a quarter of the files have come.
///
/// By then the number in flight is mostly found. What is left is taken to come as fast as the second half of that quarter.
struct DownloadForecast {
  private let total: Int
  private let startedAt = MonotonicClock.now
  private let startCPU = CPUClock.thread
  private var ended = 0
  /// Seconds until the first eighth had come.
  private var eighth = 0.0
  /// Nil until a quarter has come, and where that is too few to tell anything.
  private(set) var prediction: Prediction?

  init(_ total: Int) { self.total = total }

  /// Takes in the end of a download, on the thread that downloads.
  mutating func add() {
    ended += 1
    guard total >= 8, prediction == nil else { return }
    let seconds = Double(MonotonicClock.now - startedAt) / 1e9
    if ended == total / 8 { eighth = seconds }
    guard ended == total / 4 else { return }
    // Files that get their names together end at the same moment.
    let isBurst = seconds - eighth < 0.005
    let each = isBurst ? seconds / Double(ended) : (seconds - eighth) / Double(ended - total / 8)
    let middle = seconds + Double(total - ended) * each
    // Of a mean of so many times that differ as much as exponential ones do; the network changes by a fifth anyway.
    let spread = 1 + max(0.2, 1.645 * (2 / Double(ended)).squareRoot())
    let cpu = Double(CPUClock.thread - startCPU) / 1e9 * Double(total) / Double(ended)
    prediction = Prediction(
      seconds: .init(p5: max(seconds, middle / spread), p50: middle, p95: middle * spread), cpuSeconds: cpu,
      memoryBytes: 0, fixedSeconds: 0, variableSeconds: middle, breakdown: [.init(name: "downloads", seconds: middle)])
  }
}
