import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Where threads of ours lie among those of others")
struct ThreadPlacementTests {
  struct Case: Sendable {
    var others: Double
    var cpus: Int
    var ours: Int
    /// CPUs' worth of time that ours get where each has a CPU, and where they lie on as few as they can.
    var apart, together: Double
  }

  private static let cases: [Case] = [
    Case(others: 0, cpus: 2, ours: 1, apart: 1, together: 1),
    Case(others: 0, cpus: 2, ours: 2, apart: 2, together: 2),
    Case(others: 0, cpus: 16, ours: 15, apart: 15, together: 15),
    Case(others: 1, cpus: 2, ours: 1, apart: 1, together: 1),
    Case(others: 1, cpus: 2, ours: 2, apart: 1.5, together: 1),
    Case(others: 2, cpus: 2, ours: 1, apart: 0.5, together: 0.5),
    Case(others: 2, cpus: 2, ours: 2, apart: 1, together: 1),
    // ½ and ⅓, or two of three threads on one CPU.
    Case(others: 3, cpus: 2, ours: 2, apart: 5.0 / 6, together: 2.0 / 3),
    Case(others: 8, cpus: 2, ours: 1, apart: 0.2, together: 0.2),
    Case(others: 8, cpus: 2, ours: 2, apart: 0.4, together: 0.4),
    // A thread that is there for half of the time: twice as long as with none and with one in the mean.
    Case(others: 0.5, cpus: 1, ours: 1, apart: 2.0 / 3, together: 2.0 / 3),
    Case(others: 2, cpus: 16, ours: 15, apart: 14.5, together: 14),
    // Seven CPUs have two threads each, of which ours are on four.
    Case(others: 7, cpus: 8, ours: 8, apart: 4.5, together: 4),
  ]

  @Test("More of ours than CPUs with the fewest others lie apart three times in four, else together", arguments: cases)
  func share(_ row: Case) {
    let share = 1 / (0.75 / row.apart + 0.25 / row.together)
    #expect(agree(ThreadPlacement(others: row.others, cpus: row.cpus).share(row.ours), share, within: 1e-9))
  }

  /// Beside one busy loop on 2 CPUs two equal tasks on two threads took as long as one after the other, 16.6 ms, in 9 of 11
  /// runs or longer; seven took five times one where they were apart and seven times where they were together.
  @Test(
    "Equal tasks wait for the thread that shares its CPU",
    arguments: [(1, 1, 1), (2, 2, 2), (3, 2, 3), (7, 5, 7), (8, 6, 8)])
  func uneven(tasks: Int, apart: Double, together: Double) {
    let placement = ThreadPlacement(others: 1, cpus: 2)
    func even(_ workers: Int) -> Double {
      let (whole, rest) = tasks.quotientAndRemainder(dividingBy: workers)
      return Double(whole * workers) / placement.share(workers) + (rest > 0 ? Double(rest) / placement.share(rest) : 0)
    }
    let times = placement.unevenness(tasks: tasks, workers: 2) * even(2)
    #expect(agree(times, 0.75 * apart + 0.25 * together, within: 1e-9))
  }

  @Test("A little more of others takes a little more, whatever their number", arguments: [1, 2, 3, 8])
  func continuous(cpus: Int) {
    for ours in 1...cpus {
      let shares = stride(from: 0.0, through: 20, by: 0.001).map { ThreadPlacement(others: $0, cpus: cpus).share(ours) }
      for (fewer, more) in zip(shares, shares.dropFirst()) {
        #expect(more <= fewer + 1e-12 && more > 0.998 * fewer, "\(ours) of \(cpus)")
      }
    }
  }

  @Test("However many others there are, ours get something", arguments: [1e6, 1e18, 1e300, Double.infinity])
  func crowd(others: Double) {
    let share = ThreadPlacement(others: others, cpus: 8).share(3)
    #expect(share > 0 && share < 1e-4)
  }

  @Test("Nonsense counts as nobody", arguments: [-1, -Double.infinity, .nan])
  func nonsense(others: Double) { #expect(ThreadPlacement(others: others, cpus: 8).share(3) == 3) }

  @Test(
    "Many tasks are uneven by no more than the last", arguments: [(1.0, 2), (0.3, 2), (3, 4), (17, 16), (1e300, 8)])
  func many(others: Double, cpus: Int) {
    let placement = ThreadPlacement(others: others, cpus: cpus)
    for workers in 1...cpus {
      #expect(agree(placement.unevenness(tasks: 1_000_003, workers: workers), 1, within: 1e-4))
    }
  }

  /// Medians of 15 runs, of 5 of the longest, beside two `while True: pass` of Python on 2 CPUs (Linux 6.18, AMD EPYC).
  @Test(
    "A short run beside as many others as there are CPUs takes twice as long, a long one as long as fair shares say",
    arguments: [(8.1e-3, 2.0), (16.2e-3, 1.98), (32.4e-3, 1.98), (82e-3, 1.69), (326e-3, 1.57), (100, 1.5)])
  func settles(alone: Double, ratio: Double) throws {
    let job = "cpu:1x\(Int(alone * 1e6))us"
    let quiet = try OtherLoadTests.seconds(job, .sequential, 1, threads: 0)
    #expect(try agree(OtherLoadTests.seconds(job, .sequential, 1, threads: 2) / quiet, ratio, within: 0.1))
  }

  @Test("More tasks of the same size never end sooner, whoever else is there", arguments: [0.4, 1, 2, 2.5, 7])
  func monotone(threads: Double) throws {
    for (strategy, workers) in [(Strategy.threads, 2), (.threads, 3), (.tasks, 2), (.processes, 2)] {
      let times = try (1...40).map {
        try OtherLoadTests.seconds("cpu:\($0)x2ms", strategy, workers, threads: threads)
      }
      for (fewer, more) in zip(times, times.dropFirst()) { #expect(more >= fewer * (1 - 1e-9)) }
    }
  }
}
