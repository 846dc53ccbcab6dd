import AdvisorTestSupport
import AdvisorCore
import Testing

@testable import CostModel

@Suite("Downloads under way, by the first that have come")
struct DownloadForecastTests {
  private static let folder = "data"

  private static func predicted(_ forecast: DownloadForecast) -> Prediction? {
    forecast.record(into: folder, RunOutcome(seconds: 8, tasks: 80, left: 0), maxInFlight: 4).predicted
  }

  @Test("A quarter of the files says when all have come")
  func quarter() throws {
    var forecast = DownloadForecast(80, cpus: 2)
    for file in 1...19 { forecast.landed(TaskUsage(wallSeconds: 0.4), at: Double(file) / 10, cpuSeconds: 0) }
    #expect(Self.predicted(forecast) == nil)
    forecast.landed(TaskUsage(wallSeconds: 0.4), at: 2, cpuSeconds: 0.2)
    let prediction = try #require(Self.predicted(forecast))
    // 60 more, one each 0.1 s, known from ten as different as exponential times: 1.645 √(1/60 + 1/10) = 0.5618.
    #expect(agree(prediction.seconds.p50, 8, within: 1e-9))
    #expect(agree(prediction.seconds.p5, 8 / 1.5618, within: 1e-3))
    #expect(agree(prediction.seconds.p95, 8 * 1.5618, within: 1e-3))
    #expect(agree(prediction.cpuSeconds, 0.8, within: 1e-9))
  }

  @Test("Half of the files say it again: what has become slower is foretold as slow")
  func revised() throws {
    var forecast = DownloadForecast(40, cpus: 2)
    // Ten at 0.1 s, thirty at 0.2 s: 4 s by the first quarter, 7 s in truth and by the second.
    for file in 1...20 {
      let seconds = Double(min(file, 10)) * 0.1 + Double(max(0, file - 10)) * 0.2
      forecast.landed(TaskUsage(wallSeconds: 0.4), at: seconds, cpuSeconds: 0)
    }
    let record = forecast.record(into: Self.folder, RunOutcome(seconds: 7, tasks: 40, left: 0), maxInFlight: 4)
    #expect(agree(record.predicted?.seconds.p50, 4, within: 1e-9))
    #expect(agree(record.revised?.p50, 7, within: 1e-9) && record.revisedShare == 0.5)
  }

  @Test("Files that come at once count from the start")
  func burst() throws {
    var forecast = DownloadForecast(80, cpus: 2)
    for _ in 0..<20 { forecast.landed(TaskUsage(wallSeconds: 2), at: 2, cpuSeconds: 0) }
    #expect(agree(try #require(Self.predicted(forecast)).seconds.p50, 8, within: 1e-9))
  }

  @Test("Fewer than eight files tell nothing", arguments: [0, 1, 7])
  func few(total: Int) {
    var forecast = DownloadForecast(total, cpus: 2)
    for file in 0..<total { forecast.landed(TaskUsage(wallSeconds: 1), at: Double(file), cpuSeconds: 0) }
    #expect(Self.predicted(forecast) == nil)
  }

  @Test("Of downloading and processing the slower one says how long it still takes")
  func slowerStage() {
    var forecast = DownloadForecast(40, cpus: 2)
    for _ in 0..<4 {
      forecast.landed(TaskUsage(wallSeconds: 1), at: 1, cpuSeconds: 0)
      forecast.processed(TaskUsage(wallSeconds: 3))
    }
    func left(_ fetching: Int, _ processing: Int?) -> Double? {
      forecast.left(
        fetching: .init(left: fetching, workers: 4), processing: processing.map { .init(left: $0, workers: 2) })?.p50
    }
    // 20 files by four at once, and as many tasks of 3 s by two.
    #expect(left(20, nil) == 5 && left(20, 20) == 30 && left(0, 2) == 3)
    #expect(left(0, nil) == nil && left(0, 0) == nil)
  }

  @Test("With a command the model predicts both stages together, by the first of each")
  func pipeline() throws {
    let model = try CostModel(profile: SampleProfile.twoCores)
    var forecast = DownloadForecast(40, cpus: 2)
    for _ in 0..<40 {
      forecast.landed(TaskUsage(wallSeconds: 0.1), at: 1, cpuSeconds: 0)
      forecast.note(maxInFlight: 3)
      forecast.processed(TaskUsage(wallSeconds: 0.03, cpuSeconds: 0.02))
      forecast.note(workers: 2)
    }
    func record(_ model: CostModel?, processed: Int = 40) -> RunRecord {
      forecast.record(
        into: Self.folder, RunOutcome(seconds: 2, tasks: 40, left: 0), maxInFlight: 6, workers: 1, fetched: 40,
        processed: processed, model: model)
    }
    #expect(record(model).plan.stageWorkers == [6, 2] && record(model).job.text == "40 downloads into data")
    let pilotPlan = Plan(strategy: .pipeline, workers: 5, stageWorkers: [3, 2])
    #expect(record(model).predicted == (try model.predict(record(model).job, plan: pilotPlan)))
    #expect(record(model).predicted?.breakdown.isEmpty == false)
    // The four that are its pilot are no run to predict.
    #expect(record(nil).predicted == nil && record(model, processed: 4).predicted == nil)
  }
}
