import AdvisorCore
import AdvisorTestSupport
import Planning
import Testing

@Suite("CSV input")
struct InputTests {
  @Test(
    "A table is read whatever its dialect",
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

  @Test("Work of different sizes stays apart")
  func workOfDifferentSizesStaysApart() throws {
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
    "A bad table is refused with its line and what to do",
    arguments: [
      ("", "is empty"), ("\n\n", "is empty"),
      ("workers,speed\n1,2\n", "no column of throughput or seconds; it has “workers”, “speed”"),
      ("throughput\n2\n", "no column of workers"),
      ("workers,throughput\n1,10\n2,fast\n", "points.csv:3:2: “fast” in column “throughput” is not a number"),
      ("workers,throughput\n1,10\n2\n", "points.csv:3 has 1 field"),
      ("workers,throughput\n1,nan\n", "there are no measurements"),
      ("workers,throughput\n1,\"10\n", "line 2 opens a quote"), ("workers,throughput\n", "there are no measurements"),
      ("workers,throughput\n1,10\n", "all measurements are of 1 worker"),
      ("workers,throughput\n2,10\n2,11\n2,12\n", "of 2 workers"),
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
  @Test("A million rows are fitted")
  func aMillionRowsAreFitted() throws {
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

  @Test("Runs are fitted by job and way")
  func runsAreFittedByJobAndWay() throws {
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

  private static let hour = 1.0 / 24

  @Test(
    "A history is read whatever its times",
    arguments: [
      ("date,load\n2026-03-01,1\n2026-02-28,2\n2026-03-02,3\n", 1.0, [2.0, 1, 3]),
      ("t,y\n3,30\n1,10\n2,20\n", 1, [10, 20, 30]),
      ("load,time\n5,2026-01-01T00:00:00Z\n6,2026-01-01T07:00:00+01:00\n7,2026-01-01 12:00\n", 0.25, [5, 6, 7]),
      // The mean month of the Gregorian calendar.
      ("month,users\n2024-01,5\n2024-02,6\n2024-03,7\n", 30.436875, [5, 6, 7]),
      ("date,load\n20260228,2\n20260301,1\n20260302,3\n", 1, [2, 1, 3]),
      ("t,y\n2026/01/01,1\n2026/01/03,2\n2026/01/05,3\n", 2, [1, 2, 3]),
      ("t,y\n202601,1\n202602,2\n202603,3\n", 30.436875, [1, 2, 3]),
      ("t,y\n202601011200,1\n202601011800,2\n202601020000,3\n", 0.25, [1, 2, 3]),
      (
        "time,load\n2026-01-01 00:00:00+00,5\n2026-01-01 06:00:00 +0000 UTC,6\n2026-01-01 12:00 UTC,7\n", 0.25,
        [5, 6, 7]
      ),
      ("time,load\n2026-01-01 05:30+05:30,5\n2026-01-01 01:00-0500,6\n2026-01-01 13:00+01,7\n", 0.25, [5, 6, 7]),
      ("t,y\n1767225600,1\n1767229200,2\n1767232800,3\n", hour, [1, 2, 3]),
      ("t,y\n1767225600000,1\n1767229200000,2\n1767232800000,3\n", hour, [1, 2, 3]),
      ("t,y\n1767225600000000,1\n1767229200000000,2\n1767232800000000,3\n", hour, [1, 2, 3]),
      ("t,y\n1767225600000000000,1\n1767229200000000000,2\n1767232800000000000,3\n", hour, [1, 2, 3]),
      ("t,y\n12345678,1\n12345679,2\n12345680,3\n", 1, [1, 2, 3]),
    ] as [(String, Double, [Double])])
  func histories(text: String, step: Double, loads: [Double]) throws {
    let history = try LoadHistory(csv: Array(text.utf8), file: "load.csv")
    #expect(isClose(history.step, step, relative: 1e-9))
    #expect(history.points.map(\.load) == loads)
  }

  @Test(
    "A bad history is refused with its line",
    arguments: [
      ("load\n5\n", "one column"), ("t,y\n1,5\n2,6\n", "only 2"), ("t,y\n1,5\n1,5\n1,5\n", "only 1"),
      ("date,load\n2026-02-28,1\n2026-02-30,2\n", "load.csv:3:1: “2026-02-30” in column “date” is not a time"),
      ("date,load\n20260131,1\n20260132,2\n", ":3:1: “20260132”"), ("date,load\n46023,1\n", ":2:1: “46023”"),
      ("t,y\n2026.01,1\n", "“2026.01”"), ("t,y\n2026010112,1\n", "“2026010112”"),
      ("t,y\n01/02/2026,1\n", "may be d/m/y or m/d/y"), ("date,load\n2026-02-28,many\n", ":2:2: “many”"),
    ])
  func refusedHistories(text: String, problem: String) {
    let error = #expect(throws: AdvisorError.self) { try LoadHistory(csv: Array(text.utf8), file: "load.csv") }
    #expect(error?.code == .badData)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
  }

  private static let series = [
    "long": "Series,Time,Value\napi,1,10\napi,2,11\napi,3,12\nweb,1,90\nweb,2,80\nweb,3,70\n",
    "offset": "instance,t,y\na,1,10\nb,1.5,90\na,2,11\nb,2.5,80\na,3,12\nb,3.5,70\n",
    "wide": "t,api,web\n1,10,90\n2,11,80\n3,12,70\n",
    "two labels": "host,cpu,t,y\nx,0,1,1\nx,1,1,90\nx,0,2,2\nx,1,2,80\nx,0,3,3\nx,1,3,70\n",
  ]

  @Test(
    "One series is read where several are in the file",
    arguments: [("long", ["web"]), ("offset", ["b"]), ("wide", ["Web"]), ("two labels", ["x", "1"])])
  func oneSeries(file: String, names: [String]) throws {
    let history = try LoadHistory(csv: Array(#require(Self.series[file]).utf8), file: "load.csv", series: names)
    #expect(history.points.map(\.load) == [90, 80, 70])
  }

  @Test(
    "A file of several series is refused with their names",
    arguments: [
      ("long", [], "column “Series”: api, web"), ("offset", [], "column “instance”: a, b"),
      ("wide", [], "loads: “api”, “web”"), ("two labels", ["x"], "column “cpu”: 0, 1"),
      ("long", ["db"], "no series db: column “Series” has api, web"),
    ])
  func severalSeries(file: String, names: [String], problem: String) throws {
    let bytes = Array(try #require(Self.series[file]).utf8)
    let error = #expect(throws: AdvisorError.self) { try LoadHistory(csv: bytes, file: "load.csv", series: names) }
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
  }

  @Test("Equal times with other loads are several series")
  func equalTimesWithOtherLoadsAreSeveralSeries() {
    let error = #expect(throws: AdvisorError.self) {
      try LoadHistory(csv: Array("t,y\n1,10\n2,11\n3,12\n1,90\n2,80\n3,70\n".utf8), file: "load.csv")
    }
    #expect(error?.problem.contains("3 of 6 times twice") == true)
  }

  /// A label that each time has but once is no other series.
  @Test("A column of weekdays is no series")
  func aColumnOfWeekdaysIsNoSeries() throws {
    let history = try LoadHistory(csv: Array("t,weekday,y\n1,Mon,10\n2,Tue,11\n3,Wed,12\n".utf8), file: "load.csv")
    #expect(history.points.map(\.load) == [10, 11, 12])
  }
}
