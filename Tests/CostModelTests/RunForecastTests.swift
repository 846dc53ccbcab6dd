import AdvisorCore
import Testing

@testable import CostModel

@Suite("A run under way, by what its first tasks have cost")
struct RunForecastTests {
  /// A forecast on two CPUs that has seen tasks alike end, four of which are its pilot.
  private static func forecast(_ count: Int, of usage: TaskUsage, dispatchSeconds: Double = 0) -> RunForecast {
    var forecast = RunForecast(cpus: 2)
    for _ in 0..<count {
      forecast.add(usage)
      forecast.note(workers: 2, dispatchSeconds: dispatchSeconds)
    }
    return forecast
  }

  private static func record(_ forecast: RunForecast, tasks: Int, model: CostModel? = nil, isBatched: Bool = false)
    -> RunRecord
  {
    forecast.record(
      of: "gzip {}", RunOutcome(seconds: 1, tasks: tasks, left: 0), workers: 8, model: model, isBatched: isBatched)
  }

  @Test("A task computes, waits, and was kept from the CPUs by others: that is not its own")
  func parts() throws {
    let usage = TaskUsage(
      wallSeconds: 2, cpuSeconds: 0.5, queuedSeconds: 0.4, readBytes: 3e6, writtenBytes: 1e6, maxRSSBytes: 1 << 20)
    let stage = try #require(Self.forecast(4, of: usage).job("gzip {}", tasks: 60).stages.first)
    #expect(stage.kind == .command && stage.count == 60 && stage.size == .seconds(0.5))
    #expect(agree(stage.latencySeconds ?? 0, 1.1, within: 1e-9) && stage.memoryBytes == 0x1p20)
    #expect(stage.inputBytes == 3e6 && stage.outputBytes == 1e6)
  }

  @Test("A task does not wait for itself while the thread that hands it out computes")
  func dispatching() throws {
    let forecast = Self.forecast(5, of: TaskUsage(wallSeconds: 0.3, cpuSeconds: 0.1), dispatchSeconds: 0.05)
    let stage = try #require(forecast.job("x", tasks: 60).stages.first)
    #expect(agree(stage.latencySeconds ?? 0, 0.15, within: 1e-9))
    #expect(forecast.pilot.conditions == PilotConditions(concurrency: 1, dispatchSeconds: 0.05))
  }

  @Test(
    "Without a profile the CPUs, or the workers' shares, say how long all tasks take",
    arguments: [(1.0, 0.0, 2, 16.0), (0, 1, 2, 16), (1, 0, 1, 32), (0.5, 0.5, 4, 8.5)])
  func withoutProfile(cpu: Double, wait: Double, workers: Int, seconds: Double) {
    let pilot = Self.forecast(4, of: TaskUsage(wallSeconds: cpu + wait, cpuSeconds: cpu)).pilot
    let prediction = pilot.prediction(tasks: 32, workers: workers, cpus: 2)
    #expect(agree(prediction.seconds.p50, seconds, within: 1e-9))
    #expect(agree(prediction.cpuSeconds, 32 * cpu, within: 1e-9))
  }

  @Test("Who kept the first tasks from the CPUs may go on doing so")
  func queued() {
    let pilot = Self.forecast(4, of: TaskUsage(wallSeconds: 1.5, cpuSeconds: 1, queuedSeconds: 0.5)).pilot
    let seconds = pilot.prediction(tasks: 10, workers: 2, cpus: 2).seconds
    #expect(agree(seconds.p50, 5, within: 1e-9) && agree(seconds.p95, 7.5, within: 1e-9))
  }

  @Test("With a profile the prediction and its interval are the model's")
  func withProfile() throws {
    let model = try CostModel(profile: SampleProfile.twoCores)
    let forecast = Self.forecast(6, of: TaskUsage(wallSeconds: 0.03, cpuSeconds: 0.03, running: 2))
    let record = Self.record(forecast, tasks: 60, model: model)
    let plan = Plan(strategy: .processes, workers: 2)
    #expect(record.plan == plan)
    #expect(
      record.predicted
        == (try model.measured(in: PilotConditions(concurrency: 2)).predict(
          forecast.job("gzip {}", tasks: 60), plan: plan)))
    #expect(record.predicted?.breakdown.contains { $0.name == "spawn" } == true)
    #expect(record.usual?.command == "xargs -P 2")
  }

  @Test(
    "What was over with the pilot was not predicted, nor is a run of batches",
    arguments: [(3, 3, false), (4, 4, false), (9, 9, true)])
  func notPredicted(seen: Int, tasks: Int, isBatched: Bool) {
    let forecast = Self.forecast(seen, of: TaskUsage(wallSeconds: 1, cpuSeconds: 1))
    let record = Self.record(forecast, tasks: tasks, isBatched: isBatched)
    #expect(record.predicted == nil && record.usual == nil && record.error == nil)
    #expect(Self.record(Self.forecast(5, of: TaskUsage(wallSeconds: 1)), tasks: 5).predicted != nil)
  }

  @Test("The pilot ends with enough tasks, and enough of their time where that is asked for")
  func pilotEnd() {
    var pilot = TaskPilot(cpus: 2, total: 100, minSeconds: 0.5)
    for _ in 0..<10 { pilot.add(TaskUsage(wallSeconds: 0.04)) }
    #expect(!pilot.isOver)
    for _ in 0..<10 { pilot.add(TaskUsage(wallSeconds: 0.04)) }
    // Thirteen tasks of 40 ms are more than half a second.
    #expect(pilot.isOver && pilot.tasks == 13)
  }

  @Test("Calls of a function are held against a plain loop")
  func calls() {
    let forecast = Self.forecast(4, of: TaskUsage(wallSeconds: 0.5, cpuSeconds: 0.2))
    let record = forecast.record(
      ofCalls: "words:task", RunOutcome(seconds: 5, tasks: 20, left: 0), plan: Plan(strategy: .threads, workers: 4),
      predicted: forecast.pilot.prediction(tasks: 20, workers: 4, cpus: 2))
    #expect(record.usual == RunRecord.Usual(command: "a plain loop", seconds: 10) && record.predicted != nil)
  }
}
