import AdvisorCore
import Statistics
import Testing

@testable import Tuning

@Suite("Finding a value in few runs") struct TunerTests {
  /// Searches without noise, with few curves: these are about what is run, not about how good the choice is.
  func search(
    _ tuner: Tuner, run: (KnobSetting, Int) -> TrialRun
  ) -> (outcome: TuningOutcome, tuner: Tuner, tried: [[Int]]) {
    var (tuner, tried) = (tuner, [[Int]]())
    while case .run(let index) = tuner.step {
      tried.append(tuner.candidates[index].counts)
      tuner.record(run(tuner.candidates[index], index))
    }
    return (tuner.outcome(), tuner, tried)
  }

  func settings(cpus: Int, maxRuns: Int = 10, memoryLimit: Double? = nil) -> Tuner.Settings {
    var settings = Tuner.Settings(cpus: cpus)
    (settings.curves, settings.maxRuns, settings.memoryLimit) = (300, maxRuns, memoryLimit)
    return settings
  }

  func workers(cpus: Int, maxRuns: Int = 10, memoryLimit: Double? = nil) -> Tuner {
    Tuner(
      workers: WorkerGrid.counts(cpus: cpus),
      settings: settings(cpus: cpus, maxRuns: maxRuns, memoryLimit: memoryLimit))
  }

  @Test("The candidates of a machine are powers of two, those between them, and steps about the number of CPUs")
  func grid() {
    #expect(WorkerGrid.counts(cpus: 2) == [1, 2, 3, 4, 6, 8, 12, 16])
    #expect(WorkerGrid.counts(cpus: 8) == [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64])
    #expect(WorkerGrid.counts(cpus: 8, in: 1...4) == [1, 2, 3, 4])
    #expect(WorkerGrid.counts(cpus: 2, in: 5...9) == [5, 6, 8, 9])
  }

  @Test("The number of CPUs runs first, and stays where all CPUs were busy")
  func busy() throws {
    let result = search(workers(cpus: 4)) { candidate, index in
      let active = Double(min(4, candidate.counts[0]))
      return TrialRun(candidate: index, seconds: 8 / active, cpuSeconds: 7.9)
    }
    #expect(result.tried.first == [4])
    #expect(result.outcome.verdict == .noDifference)
    #expect(result.outcome.stop == .settled)
    #expect(result.tuner.candidates[try #require(result.outcome.best)].counts == [4])
    #expect(result.tried.count <= 4)
  }

  @Test("A command that waits wants more workers than CPUs, and the gain is right")
  func waits() throws {
    let result = search(workers(cpus: 2)) { candidate, index in
      TrialRun(candidate: index, seconds: 16 / Double(min(16, candidate.counts[0])), cpuSeconds: 0.5)
    }
    let best = result.tuner.candidates[try #require(result.outcome.best)].counts[0]
    let gain = try #require(result.outcome.gain)
    #expect(best == 16)
    #expect(result.outcome.verdict == .better)
    // 8 s with two workers, 1 s with 16; what one run of each says is drawn a little to what is usual.
    #expect((4.5...9).contains(gain.value), "\(gain)")
  }

  @Test("A command that only waits is told right, also beside others", arguments: [0.002, 0.02, 0.1], [false, true])
  func onlyWaits(cpuSeconds: Double, isDirty: Bool) throws {
    let result = search(workers(cpus: 2)) { candidate, index in
      let seconds = 16 / Double(min(16, candidate.counts[0]))
      return TrialRun(
        candidate: index, seconds: seconds, cpuSeconds: cpuSeconds, othersCPUSeconds: isDirty ? seconds : 0)
    }
    let best = result.tuner.candidates[try #require(result.outcome.best)].counts[0]
    let gain = try #require(result.outcome.gain)
    #expect(best == 16)
    #expect((4.5...9).contains(gain.value) && gain.high > 6.9, "\(gain)")
  }

  @Test("A server that the command talks to disturbs no run, and others' load in one run disturbs that one")
  func others() throws {
    var tuner = workers(cpus: 2)
    for seconds in [0.2, 0.21, 0.19, 0.6] {
      tuner.record(TrialRun(candidate: tuner.start, seconds: 1, cpuSeconds: 0.5, othersCPUSeconds: seconds))
    }
    #expect(tuner.runs.map { tuner.isDisturbed($0) } == [false, false, false, true])
    #expect(tuner.servedSeconds == 0.19)
    var neighbour = TrialRun(candidate: tuner.start, seconds: 1, cpuSeconds: 0.5, othersCPUSeconds: 0.2)
    neighbour.beganQuiet = false
    tuner.record(neighbour)
    #expect(tuner.runs.allSatisfy { tuner.isDisturbed($0) } && tuner.servedSeconds == nil)
    var quiet = workers(cpus: 2)
    for _ in 0..<3 { quiet.record(TrialRun(candidate: quiet.start, seconds: 1, cpuSeconds: 0.5)) }
    #expect(quiet.servedSeconds == nil)
  }

  @Test("It stops on a flat tail: more runs do not tell values apart that differ by less than the noise")
  func flatTail() throws {
    var random = Xoshiro(seed: 4)
    let result = search(workers(cpus: 2)) { candidate, index in
      let seconds = max(0.6, 9 / Double(candidate.counts[0])) * (1 + 0.08 * random.normal())
      return TrialRun(candidate: index, seconds: seconds, cpuSeconds: 0.9)
    }
    #expect(result.tried.count <= 8)
    #expect([.settled, .stalled].contains(result.outcome.stop))
    #expect(result.tuner.candidates[try #require(result.outcome.best)].counts[0] >= 12)
  }

  @Test("A search that starts from an earlier one finds the same in no more runs, were the machine twice as fast today")
  func recalls() throws {
    func run(_ speed: Double) -> (KnobSetting, Int) -> TrialRun {
      { candidate, index in
        let n = Double(candidate.counts[0])
        return TrialRun(candidate: index, seconds: (16 / min(12, n) + 0.05 * n) / speed, cpuSeconds: 0.5 / speed)
      }
    }
    let first = search(workers(cpus: 2), run: run(1))
    var tuner = workers(cpus: 2)
    tuner.recall(first.tuner.runs)
    let second = search(tuner, run: run(2))
    #expect(second.outcome.best == first.outcome.best)
    #expect(second.tried.count <= first.tried.count)
  }

  @Test("Of a list, a value that was slow earlier does not run again")
  func recallsList() throws {
    let seconds = [3.0, 9.0, 2.0, 2.9]
    let candidates = seconds.indices.map { KnobSetting(values: ["\($0)"]) }
    var tuner = Tuner(unrelated: candidates, settings: settings(cpus: 2))
    tuner.recall(seconds.indices.map { TrialRun(candidate: $0, seconds: seconds[$0], cpuSeconds: 1) })
    var order: [Int] = []
    let result = search(tuner) { _, index in
      order.append(index)
      return TrialRun(candidate: index, seconds: seconds[index] / 2, cpuSeconds: 1)
    }
    #expect(result.outcome.best == 2)
    #expect(!order.contains(1))
  }

  @Test(
    "Of a list each value runs once before any runs again but to be confirmed, and one slow value does not end the search"
  )
  func list() throws {
    let seconds = [3.0, 9.0, 2.0, 2.9]
    let candidates = seconds.indices.map { KnobSetting(values: ["\($0)"]) }
    var order: [Int] = []
    let result = search(Tuner(unrelated: candidates, settings: settings(cpus: 2))) { _, index in
      order.append(index)
      return TrialRun(candidate: index, seconds: seconds[index], cpuSeconds: seconds[index])
    }
    #expect(Set(order.prefix(4)).count == 4)
    #expect(result.outcome.best == 2)
    #expect(result.outcome.verdict == .better)
  }

  @Test("Workers times threads never exceed the CPUs while these are all in use")
  func pairs() throws {
    let result = search(Tuner(pairsAllowed: [nil, nil], settings: settings(cpus: 4))) { candidate, index in
      let (workers, threads) = (Double(candidate.counts[0]), Double(candidate.counts[1]))
      return TrialRun(candidate: index, seconds: 10 * (1 + threads / 10) / min(4, workers * threads), cpuSeconds: 10)
    }
    #expect(result.tried.allSatisfy { $0[0] * $0[1] == 4 })
    #expect(Set(result.tried) == [[4, 1], [2, 2], [1, 4]])
    #expect(result.tuner.candidates[try #require(result.outcome.best)].counts == [4, 1])
  }

  @Test("Where the best pair leaves CPUs idle, its neighbours are tried")
  func neighbours() throws {
    let result = search(Tuner(pairsAllowed: [nil, nil], settings: settings(cpus: 4, maxRuns: 20))) { candidate, index in
      let (workers, threads) = (Double(candidate.counts[0]), Double(candidate.counts[1]))
      return TrialRun(candidate: index, seconds: 10 * threads / workers, cpuSeconds: 4)
    }
    #expect(result.tuner.candidates[try #require(result.outcome.best)].counts == [8, 1])
  }

  @Test("A rate that the command prints is to be large, a latency small", arguments: [true, false])
  func figures(higherIsBetter: Bool) throws {
    var settings = settings(cpus: 2)
    settings.objective = .figure(higherIsBetter: higherIsBetter)
    let tuner = Tuner(workers: [1, 2, 4, 8], settings: settings)
    let result = search(tuner) { candidate, index in
      let rate = Double(min(4, candidate.counts[0])) * 100
      return TrialRun(
        candidate: index, seconds: 10, cpuSeconds: 2, figure: higherIsBetter ? rate : 1 / rate)
    }
    #expect(result.tuner.candidates[try #require(result.outcome.best)].counts[0] >= 4)
  }

  @Test("CPU time and memory are least with few workers")
  func otherObjectives() throws {
    for objective in [Objective.cpu, .memory] {
      var settings = settings(cpus: 4)
      settings.objective = objective
      let result = search(Tuner(workers: [1, 2, 4, 8], settings: settings)) { candidate, index in
        let workers = Double(candidate.counts[0])
        return TrialRun(
          candidate: index, seconds: 10 / workers, cpuSeconds: 8 + workers, maxRSSBytes: 1e8 * (1 + workers))
      }
      #expect(result.tuner.candidates[try #require(result.outcome.best)].counts == [1], "\(objective)")
    }
  }
}
