import AdvisorCore
import Planning
import Testing

@Suite("CSV input")
struct InputTests {
  @Test(
    "is read whatever its dialect",
    arguments: [
      "workers,throughput\n1,10\n2,19\n4,35\n", "workers;throughput\r\n4;35\r\n1;10\r\n2;19",
      "\u{FEFF}Workers, Throughput\n\n1, 10\n2, 19\n4, 35\n\n", "\"workers\"\t\"throughput\"\n1\t10\n\"2\"\t19\n4\t35",
      "note,throughput,workers\n\"a \"\"quoted\"\", note\nof two lines\",10,1\nx,19,2\n,35,4\n",
      "machines,time\n1,0.1\n2,0.05263157894736842\n4,0.02857142857142857\n",
    ])
  func dialects(text: String) throws {
    guard case .throughput(let data) = try ScalingMeasurements(csv: Array(text.utf8), file: "points.csv") else {
      Issue.record("without a scale, times are throughput")
      return
    }
    let fit = ScalingFit(data)
    #expect(fit.measured.map(\.workers) == [1, 2, 4])
    for (point, expected) in zip(fit.measured, [10.0, 19, 35]) {
      #expect(isClose(point.throughput, expected, relative: 1e-12))
    }
  }

  @Test func workOfDifferentSizesStaysApart() throws {
    let text = "machines,scale,time\n4,0.5,8\n8,1,9\n16,2,10\n"
    guard case .runs(let runs) = try ScalingMeasurements(csv: Array(text.utf8), file: "runs.csv") else {
      Issue.record("with a scale, runs are kept")
      return
    }
    #expect(runs.map(\.scale) == [0.5, 1, 2])
    #expect(try ScalingFit(runs).models.map(\.model) == [.ernest])
    #expect(throws: AdvisorError.self) { try ScalingFit(Array(runs.prefix(2))) }
  }

  @Test(
    "is refused with its line and what to do",
    arguments: [
      ("", "is empty"), ("\n\n", "is empty"), ("workers,speed\n1,2\n", "no column 'throughput'"),
      ("throughput\n2\n", "no column 'workers'"), ("workers,throughput\n1,10\n2,fast\n", "line 3: 'fast'"),
      ("workers,throughput\n1,10\n2\n", "line 3 has 1 field"), ("workers,throughput\n1,nan\n", "line 2: 'nan'"),
      ("workers,throughput\n1,\"10\n", "line 2 opens a quote"), ("workers,throughput\n", "only 0"),
      ("workers,throughput\n1,10\n", "only 1"), ("workers,throughput\n2,10\n2,11\n2,12\n", "only 1"),
      ("workers,throughput\n1,10\n2,0\n3,30\n", "not above zero"),
    ])
  func refused(text: String, problem: String) {
    let error = #expect(throws: AdvisorError.self) {
      try ScalingMeasurements(csv: Array(text.utf8), file: "points.csv")
    }
    #expect(error?.code == .badData)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    #expect(error?.advice.isEmpty == false)
  }

  /// X = 50N / (1 + 0.05(N − 1)) a million times over, in no order.
  @Test func aMillionRowsAreFitted() throws {
    let rows = [64, 1, 16, 4, 32, 2, 8].map { "\($0),\(50 * Double($0) / (1 + 0.05 * Double($0 - 1)))\n" }
    let cycle = rows.joined()
    let text = "workers,throughput\n" + String(repeating: cycle, count: 1_000_000 / rows.count + 1)
    guard case .throughput(let data) = try ScalingMeasurements(csv: Array(text.utf8), file: "points.csv") else {
      Issue.record("throughput is throughput")
      return
    }
    let fit = ScalingFit(data)
    #expect(fit.points == 1_000_006)
    #expect(fit.measured.map(\.workers) == [1, 2, 4, 8, 16, 32, 64])
    #expect(isClose(fit.models[0].coefficients["alpha"] ?? 0, 0.05, relative: 1e-6))
  }

  @Test func runsAreFittedByJobAndWay() throws {
    let threads = [(1, 10.0), (2, 19), (4, 35)].map {
      MeasuredRun(job: "cpu:8x1e6", strategy: .threads, workers: $0.0, tasksPerSecond: $0.1)
    }
    let alone = MeasuredRun(job: "cpu:8x1e6", strategy: .sequential, workers: 1, tasksPerSecond: 11)
    let others = [1, 2].map { MeasuredRun(job: "wait:9x1s", strategy: .async, workers: $0, tasksPerSecond: 1) }
    #expect(try ScalingData(threads + [alone] + others).points == 4)
    #expect(throws: AdvisorError.self) { try ScalingData(threads + others, job: "wait:9x1s") }
    let error = #expect(throws: AdvisorError.self) { try ScalingData(threads, job: "disk:1x1MiB") }
    #expect(error?.problem.contains("disk:1x1MiB") == true)
  }

  @Test(
    "of a history is read whatever its times",
    arguments: [
      ("date,load\n2026-03-01,1\n2026-02-28,2\n2026-03-02,3\n", 1.0, [2.0, 1, 3]),
      ("t,y\n3,30\n1,10\n2,20\n", 1, [10, 20, 30]),
      ("load,time\n5,2026-01-01T00:00:00Z\n6,2026-01-01T07:00:00+01:00\n7,2026-01-01 12:00\n", 0.25, [5, 6, 7]),
      ("month,users\n2024-01,5\n2024-02,6\n2024-03,7\n", 31, [5, 6, 7]),
    ])
  func histories(text: String, step: Double, loads: [Double]) throws {
    let history = try LoadHistory(csv: Array(text.utf8), file: "load.csv")
    #expect(isClose(history.step, step, relative: 1e-9))
    #expect(history.points.map(\.load) == loads)
  }

  @Test(
    "of a history is refused with its line",
    arguments: [
      ("load\n5\n", "one column"), ("t,y\n1,5\n2,6\n", "only 2"), ("t,y\n1,5\n1,6\n1,7\n", "only 1"),
      ("date,load\n2026-02-28,1\n2026-02-30,2\n", "line 3: '2026-02-30' is not a date"),
      ("date,load\n2026-02-28,many\n", "line 2: 'many'"),
    ])
  func refusedHistories(text: String, problem: String) {
    let error = #expect(throws: AdvisorError.self) { try LoadHistory(csv: Array(text.utf8), file: "load.csv") }
    #expect(error?.code == .badData)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
  }
}
