import AdvisorCore
import AdvisorTestSupport
import Statistics
import Testing
private import func Glibc.log
private import func Glibc.log2

@testable import CostModel

/// Runs of tasks that differ and mostly wait, played by list scheduling; the time that it takes is the truth.
@Suite("A forecast of tasks that differ, whose first to end are the shortest")
struct UnequalTasksTests {
  enum Kind: CaseIterable {
    case equal, uniform, exponential, lognormal, latency
  }

  /// Seconds of each task, 0.2 in the mean or nearly.
  private static func sizes(_ kind: Kind, _ count: Int, seed: UInt64) -> [Double] {
    var random = Xoshiro(seed: seed)
    let lognormal = Lognormal(mean: 0.2, coefficientOfVariation: 0.7)
    return (0..<count).map { _ in
      let share = random.unit()
      return switch kind {
      case .equal: 0.2 * (1 + 0.02 * (share - 0.5))
      case .uniform: 0.02 + 0.36 * share
      case .exponential: -0.2 * log(1 - share)
      case .latency: 0.05 + 0.3 * share
      case .lognormal: lognormal.quantile(share)
      }
    }
  }

  private static func record(_ sizes: [Double], workers: Int) -> (record: RunRecord, seconds: Double) {
    var ends: [(at: Double, size: Double)] = []
    var free = (0..<min(workers, sizes.count)).map { 0.0005 * Double($0) }
    for size in sizes {
      let first = free.indices.min { free[$0] < free[$1] } ?? 0
      free[first] += size
      ends.append((free[first], size))
    }
    ends.sort { $0.at < $1.at }
    var forecast = RunForecast(cpus: 2, total: sizes.count)
    for (index, end) in ends.enumerated() {
      let running = min(workers, sizes.count - index)
      forecast.add(TaskUsage(wallSeconds: end.size, cpuSeconds: 0.001, running: running), at: end.at)
      forecast.note(workers: workers, dispatchSeconds: 0.0005)
    }
    let seconds = ends.last?.at ?? 0
    let outcome = RunOutcome(seconds: seconds, tasks: sizes.count, left: 0)
    return (forecast.record(of: "curl {}", outcome, workers: workers, model: nil), seconds)
  }

  /// Of 20 runs. By the calls that had ended alone, the first prediction of 400 at 100 was a twentieth of the time.
  @Test(
    "Most runs end within the interval, and the middle one is near",
    arguments: [
      (.equal, 60, 60, 0.1), (.equal, 400, 8, 0.1), (.uniform, 60, 60, 1.25), (.uniform, 400, 100, 1.25),
      (.uniform, 400, 8, 0.25), (.exponential, 60, 60, 1), (.exponential, 400, 100, 1), (.exponential, 400, 8, 0.4),
      (.lognormal, 400, 100, 1), (.lognormal, 100, 8, 0.25), (.latency, 60, 60, 1), (.latency, 400, 64, 1),
      (.latency, 400, 8, 0.25),
    ] as [(Kind, Int, Int, Double)])
  func covered(kind: Kind, count: Int, workers: Int, error: Double) throws {
    var (first, revised, errors): ([Bool], [Bool], [Double]) = ([], [], [])
    for seed in 1...20 {
      let (record, seconds) = Self.record(Self.sizes(kind, count, seed: UInt64(seed)), workers: workers)
      let predicted = try #require(record.predicted).seconds
      let later = record.revised ?? predicted
      first.append(predicted.interval.contains(seconds))
      revised.append(later.interval.contains(seconds))
      errors.append(log2(later.p50 / seconds))
    }
    #expect(Double(revised.count { $0 }) / 20 >= 0.85)
    #expect(abs(try #require(errors.median())) <= error)
  }
}
