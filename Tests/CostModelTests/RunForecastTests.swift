import AdvisorTestSupport
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

  /// Tasks that end one after another, two at a time.
  private static func paced(_ calls: [(bytes: Double, seconds: Double)], slowdown: Double = 1) -> RunForecast {
    var (forecast, at) = (RunForecast(cpus: 2, total: calls.count), 0.0)
    for call in calls {
      at += call.seconds * slowdown / 2
      forecast.add(
        TaskUsage(
          wallSeconds: call.seconds * slowdown, cpuSeconds: call.seconds, queuedSeconds: 0, running: 2,
          fileBytes: call.bytes), at: at)
      forecast.note(workers: 2, dispatchSeconds: 0)
    }
    return forecast
  }

  @Test("Cost follows the bytes of the files: four small ones to a large one, in any order", arguments: [false, true])
  func files(isLargeFirst: Bool) throws {
    // 10 ms a megabyte and 2 ms a task.
    let five: [Double] = isLargeFirst ? [2e7, 1e5, 2e5, 3e5, 4e5] : [1e5, 2e5, 3e5, 4e5, 2e7]
    let calls = (0..<40).map { (index: Int) -> (bytes: Double, seconds: Double) in
      (five[index % 5], 0.002 + 1e-8 * five[index % 5])
    }
    let record = Self.record(Self.paced(calls), tasks: 40)
    let sum = calls.reduce(0) { $0 + $1.seconds }
    #expect(agree(try #require(record.predicted).cpuSeconds, sum, within: 0.01))
    #expect(agree(try #require(record.predicted).seconds.p50, sum / 2, within: 0.1))
    #expect(agree(try #require(record.usual).seconds, sum / 2, within: 0.1))
  }

  @Test("The forecast of what is left is that of its bytes")
  func filesLeft() throws {
    let forecast = Self.paced([(1e5, 0.001), (2e5, 0.002), (4e5, 0.004), (8e5, 0.008)])
    #expect(agree(try #require(forecast.left(10, bytes: 1e8, workers: 2)).p50, 0.5, within: 0.01))
    // By the mean of those four.
    #expect(agree(try #require(forecast.left(10, workers: 2)).p50, 0.01875, within: 0.01))
  }

  /// The first four of forty tasks of 0.1 s of CPU have ended, and two workers go on.
  private static func begun(
    by first: Int, took seconds: Double, beside present: PresentLoad? = nil, at end: (Int) -> Double
  ) -> RunForecast {
    var forecast = RunForecast(cpus: 2, total: 40, present: present)
    for index in 0..<4 {
      forecast.add(
        TaskUsage(wallSeconds: seconds, cpuSeconds: 0.1, queuedSeconds: seconds - 0.1, running: first),
        at: end(index))
      forecast.note(workers: 2, dispatchSeconds: 0)
    }
    return forecast
  }

  /// Forty tasks of 0.1 s of CPU; more workers than CPUs do the first four and only share them, two do the rest in 1.8 s.
  @Test("What the first tasks took from each other the later ones, of fewer workers, do not", arguments: [2, 3, 4, 8])
  func fewerWorkers(first: Int) throws {
    let forecast = Self.begun(by: first, took: 0.1 * Double(first) / 2) { 0.05 * Double($0 + 1) }
    let model = try CostModel(profile: SampleProfile.twoCores)
    let predicted = try #require(Self.record(forecast, tasks: 40, model: model).predicted).seconds
    #expect(agree(predicted.p50, 2, within: 0.1) && predicted.interval.contains(2))
    #expect(agree(try #require(forecast.left(36, workers: 2)).p50, 1.8, within: 0.01))
  }

  /// Two at once took 0.125 s for 0.1 s of CPU: forty like that take 2.5 s, and 2.0 where the queue was only the begin's.
  @Test(
    "What the first tasks queued for passes in part where nobody wanted the CPUs when the run began",
    arguments: [(nil, 2.5), (0, 2.24), (0.25, 2.37), (0.5, 2.5), (2, 2.5)])
  func begin(threads: Double?, expected: Double) throws {
    let present = threads.map { PresentLoad(threads: $0) }
    let forecast = Self.begun(by: 2, took: 0.125, beside: present) { 0.0625 * Double($0 + 1) }
    let predicted = try #require(Self.record(forecast, tasks: 40).predicted).seconds
    #expect(agree(predicted.p50, expected, within: 0.03) && predicted.interval.contains(2.5))
  }

  @Test("The run's own pace outweighs the model as it goes on")
  func pace() throws {
    let model = try CostModel(profile: SampleProfile.twoCores)
    let equal: [(bytes: Double, seconds: Double)] = Array(repeating: (1e6, 0.05), count: 400)
    // Half as fast as the CPU time says, for a reason that no figure shows.
    let record = Self.record(Self.paced(equal, slowdown: 2), tasks: 400, model: model)
    let (first, revised) = (try #require(record.predicted).seconds, try #require(record.revised))
    #expect(first.p50 > 11 && revised.p50 >= first.p50)
    #expect(agree(revised.p50, 20, within: 0.1) && revised.interval.contains(20))
    #expect(revised.p95 / revised.p5 < first.p95 / first.p5)
  }

  private static func past(
    seconds: Double, tasks: Int = 100, cpu: Double = 10, workers: Int = 2, bytes: Double? = nil, failed: Int = 0
  ) -> HistoryEntry {
    var observed = RunOutcome(seconds: seconds, cpuSeconds: cpu, tasks: tasks, failed: failed, left: 0)
    observed.fileBytes = bytes
    return HistoryEntry(
      at: "2026-01-01T00:00:00Z", fingerprint: "x", job: "gzip {}", jobClass: "command",
      plan: Plan(strategy: .processes, workers: workers), predicted: nil, unlearntSeconds: nil, spread: 0,
      observed: observed)
  }

  private static func early(_ past: [HistoryEntry], slowdown: Double = 1) throws -> Prediction.Seconds {
    let prior = RunPrior(past, tasks: 100, bytes: nil)
    var (forecast, at) = (RunForecast(cpus: 2, total: 100, prior: prior), 0.0)
    for _ in 0..<100 {
      at += 0.05 * slowdown
      forecast.add(TaskUsage(wallSeconds: 0.1 * slowdown, cpuSeconds: 0.1 * slowdown, running: 2), at: at)
    }
    return try #require(record(forecast, tasks: 100).predicted).seconds
  }

  /// Sixty sleeps of 20 ms by sixty workers, one started each 0.7 ms: the last ends after 59 × 0.7 + 20 ms.
  @Test("Tasks that were still to be started take as long as the others", arguments: [false, true])
  func unstarted(hasModel: Bool) throws {
    var forecast = RunForecast(cpus: 2, total: 60)
    for index in 0..<60 {
      let usage = TaskUsage(wallSeconds: 0.02, cpuSeconds: 0.0007, running: min(28, 60 - index))
      forecast.add(usage, at: 0.0007 * Double(index) + 0.02)
      forecast.note(workers: 60, dispatchSeconds: 0.0007)
    }
    let model = try CostModel(profile: SampleProfile.twoCores)
    let predicted = try #require(Self.record(forecast, tasks: 60, model: hasModel ? model : nil).predicted).seconds
    #expect(agree(predicted.p50, 0.0613, within: 0.12) && predicted.interval.contains(0.0613))
  }

  /// Eight busy loops on two CPUs: eight tasks at once take eight times as long as alone, two take five times as long.
  @Test("What others take stays beside fewer workers", arguments: [2, 4, 8])
  func othersBesideFewer(first: Int) throws {
    let took = 0.1 * Double(first + 8) / 2
    let forecast = Self.begun(by: first, took: took) { took + 0.01 * Double($0) }
    let model = try CostModel(profile: SampleProfile.twoCores)
    let predicted = try #require(Self.record(forecast, tasks: 40, model: model).predicted).seconds
    #expect(agree(predicted.p50, 20 * 0.5, within: 0.15) && predicted.interval.contains(10))
    #expect(agree(try #require(forecast.left(36, workers: 2)).p50, 9, within: 0.01))
  }

  /// Sixty sleeps of 50 ms by sixty workers, one started each 0.9 ms: all run when the first ends, and the last ends after
  /// 59 × 0.9 + 50 ms.
  @Test("The last one to be started has its time before it", arguments: [false, true])
  func youngest(hasModel: Bool) throws {
    var forecast = RunForecast(cpus: 2, total: 60)
    for index in 0..<60 {
      let usage = TaskUsage(wallSeconds: 0.05, cpuSeconds: 0.0009, running: 60 - index)
      forecast.add(usage, at: 0.0009 * Double(index) + 0.05)
      forecast.note(workers: 60, dispatchSeconds: 0.0009)
    }
    let model = try CostModel(profile: SampleProfile.twoCores)
    let predicted = try #require(Self.record(forecast, tasks: 60, model: hasModel ? model : nil).predicted).seconds
    #expect(agree(predicted.p50, 0.1031, within: 0.05) && predicted.interval.contains(0.1031))
  }

  @Test("Tasks that queue only for the thread that hands them out are not beside others")
  func dispatcher() throws {
    // Of 2 ms of CPU each, and 0.5 ms of CPU to start one.
    var forecast = RunForecast(cpus: 2, total: 200)
    for index in 0..<200 {
      forecast.add(
        TaskUsage(wallSeconds: 0.0025, cpuSeconds: 0.002, queuedSeconds: 0.0005, running: 2),
        at: 0.00125 * Double(index + 1))
      forecast.note(workers: 2, dispatchSeconds: 0.0005)
    }
    let model = try CostModel(profile: SampleProfile.twoCores)
    let predicted = try #require(Self.record(forecast, tasks: 200, model: model).predicted).seconds
    #expect(agree(predicted.p50, 0.25, within: 0.06) && predicted.interval.contains(0.25))
  }

  @Test(
    "A run begins with the workers of the quickest of its past runs, or with fewer that were about as quick",
    arguments: [
      ([(16, 1.69)], 16), ([(16, 1.69), (2, 1.7)], 2), ([(2, 1.7), (16, 1.69)], 2), ([(2, 3.4), (16, 1.7)], 16),
      ([(2, 1), (4, 1), (8, 0.5)], 8),
    ] as [([(Int, Double)], Int)])
  func firstWorkers(past: [(workers: Int, seconds: Double)], expected: Int) {
    let runs = past.map { Self.past(seconds: $0.seconds, workers: $0.workers) }
    #expect(RunPrior(runs, tasks: 100, bytes: nil).workers == expected)
  }

  @Test("Past runs of the same make the forecast surer, and never less sure", arguments: [5.0, 6.0, 300.0])
  func pastRuns(seconds: Double) throws {
    let (without, with) = (try Self.early([]), try Self.early([Self.past(seconds: seconds)]))
    #expect(with.p95 / with.p5 <= without.p95 / without.p5)
    // Between what this run shows and what the earlier one took.
    #expect(with.p50 >= without.p50 * 0.99 && with.p50 <= max(seconds, without.p50) * 1.01)
    // One that contradicts it is hardly believed.
    #expect(seconds < 300 || with.p50 < without.p50 * 1.05)
    #expect(try Self.early([Self.past(seconds: 5, failed: 3)]) == without)
  }

  /// A megabyte a task, a hundred tasks.
  @Test(
    "Runs over other inputs say nothing",
    arguments: [
      (100, 1e8, true), (300, 3e8, true), (100, 6e7, true), (100, 1e9, false), (3, 3e6, false), (5000, 5e9, false),
      (100, nil, false),
    ] as [(Int, Double?, Bool)])
  func otherInputs(tasks: Int, bytes: Double?, isAlike: Bool) {
    let past = Self.past(seconds: 1, tasks: 100, workers: 60, bytes: 1e8)
    #expect(RunPrior([past], tasks: tasks, bytes: bytes).workers == (isAlike ? 60 : nil))
  }

  @Test("What others take from the tasks they may go on taking, or not")
  func restless() throws {
    func width(queueing: Double) throws -> Double {
      var (forecast, at) = (RunForecast(cpus: 2, total: 100), 0.0)
      for _ in 0..<100 {
        at += 0.05 * (1 + queueing)
        forecast.add(
          TaskUsage(wallSeconds: 0.1 * (1 + queueing), cpuSeconds: 0.1, queuedSeconds: 0.1 * queueing, running: 2),
          at: at)
      }
      let predicted = try #require(Self.record(forecast, tasks: 100).predicted)
      #expect(agree(predicted.seconds.p50, 5 * (1 + queueing), within: 0.1))
      return predicted.seconds.p95 / predicted.seconds.p5
    }
    #expect(try width(queueing: 3) > 1.3 * width(queueing: 0))
  }

  /// Others make each task take twice as long, in a tenth of the run.
  @Test(
    "Tasks shorter than a slice of the scheduler may settle where others are not, down to what they take alone; longer ones not",
    arguments: [(0.5e-3, true), (2e-3, true), (4e-3, false), (0.1, false)])
  func settling(alone: Double, isShort: Bool) throws {
    var (forecast, at) = (RunForecast(cpus: 2, total: 2000), 0.0)
    for _ in 0..<200 {
      at += alone
      forecast.add(TaskUsage(wallSeconds: 2 * alone, cpuSeconds: alone, queuedSeconds: alone, running: 2), at: at)
      forecast.note(workers: 2, dispatchSeconds: 0)
    }
    let seconds = try #require(Self.record(forecast, tasks: 2000).predicted).seconds
    let (quiet, slowed) = (1000 * alone, 2000 * alone)
    #expect((seconds.p5 < quiet) == isShort && (seconds.p50 < 0.9 * slowed) == isShort)
    #expect(seconds.p50 > quiet && seconds.p95 > slowed)
  }

  /// Two loops on two CPUs: each task takes twice as long, which the tasks' own queues have told.
  @Test("What others take counts once, whatever the profile says of them", arguments: [0.0, 2, 8])
  func othersOnce(threads: Double) throws {
    var profile = SampleProfile.twoCores
    profile.presentLoad = PresentLoad(threads: threads)
    let usage = TaskUsage(wallSeconds: 0.2, cpuSeconds: 0.1, queuedSeconds: 0.1, running: 2)
    let (busy, quiet) = (try CostModel(profile: profile), try CostModel(profile: SampleProfile.twoCores))
    let record = Self.record(Self.forecast(8, of: usage), tasks: 40, model: busy)
    let plain = Self.record(Self.forecast(8, of: usage), tasks: 40, model: quiet)
    #expect(record.predicted?.seconds == plain.predicted?.seconds)
  }

  @Test("With a profile the prediction and its interval are the model's, where nobody says when tasks ended")
  func withProfile() throws {
    let model = try CostModel(profile: SampleProfile.twoCores)
    let forecast = Self.forecast(6, of: TaskUsage(wallSeconds: 0.03, cpuSeconds: 0.03, running: 2))
    let record = Self.record(forecast, tasks: 60, model: model)
    let plan = Plan(strategy: .processes, workers: 2)
    #expect(record.plan == plan)
    let seen = try model.measured(in: PilotConditions(concurrency: 2)).predict(
      forecast.job("gzip {}", tasks: 60), plan: plan)
    let predicted = try #require(record.predicted)
    #expect(agree(predicted.seconds.p50, seen.seconds.p50, within: 1e-9) && predicted.cpuSeconds == seen.cpuSeconds)
    #expect(
      agree(predicted.seconds.p95 / predicted.seconds.p5, seen.seconds.p95 / seen.seconds.p5, within: 1e-6))
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
