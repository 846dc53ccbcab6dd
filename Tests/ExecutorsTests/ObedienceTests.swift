import AdvisorCore
import AdvisorTestSupport
import Probe
import Testing
import Workloads
@testable import Executors
@testable import System

/// That executors obey a plan to the letter, seen from inside.
@Suite struct ObedienceTests {
  static let onThreads: [Strategy] = [.sequential, .threads, .tasks, .pipeline]

  @Test("Each task is run once, whatever the chunk", arguments: onThreads, [1, 3, 1000])
  func eachTask(strategy: Strategy, chunk: Int) async throws {
    let work = GivenWork()
    let observation = try await observe([work.stage], count: 100, Plan(strategy: strategy, workers: 4, chunk: chunk))
    #expect(work.seen.runs == Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, 1) }))
    #expect(observation.tasks == 100)
  }

  @Test(
    "As many workers are made as planned",
    arguments: [(Strategy.sequential, 1), (.threads, 5), (.tasks, 5), (.pipeline, 5)])
  func workersAsPlanned(strategy: Strategy, workers: Int) async throws {
    let work = GivenWork()
    _ = try await observe([work.stage], count: 10, Plan(strategy: strategy, workers: 5))
    #expect(work.seen.places.count == workers)
    #expect(work.seen.living == 0)
  }

  @Test("A pipeline has the workers of each stage that it was planned with")
  func pipelineWorkers() async throws {
    let (first, second) = (GivenWork(), GivenWork())
    let plan = Plan(strategy: .pipeline, workers: 5, stageWorkers: [2, 3])
    _ = try await observe([first.stage, second.stage], count: 50, plan)
    #expect(first.seen.places.keys.sorted() == [0, 1])
    #expect(second.seen.places.keys.sorted() == [2, 3, 4])
    #expect(first.seen.runs.count == 50 && second.seen.runs.count == 50)
  }

  @Test("Worker i runs on CPU i of the list, and round again", arguments: [Strategy.threads, .pipeline])
  func placement(strategy: Strategy) async throws {
    let cpus = Array(try Affinity.current())
    let work = GivenWork()
    let workers = cpus.count + 1
    _ = try await observe([work.stage], count: 20, Plan(strategy: strategy, workers: workers, cpus: cpus))
    let expected = (0..<workers).map { ($0, CPUSet([cpus[$0 % cpus.count]])) }
    #expect(work.seen.places == Dictionary(uniqueKeysWithValues: expected))
  }

  @Test("Beside a stage that waits, the workers of one that computes run on the CPUs of the list")
  func placementBesideWaits() async throws {
    let cpus = Array(try Affinity.current())
    let work = GivenWork()
    let waiting = StageWork(load: .wait, sizes: TaskUnits(meanUnits: 1000))
    let plan = Plan(
      strategy: .pipeline, workers: 3 + cpus.count, stageWorkers: [3, cpus.count], cpus: cpus)
    _ = try await observe([waiting, work.stage], count: 20, plan)
    let expected = cpus.enumerated().map { (3 + $0.offset, CPUSet([$0.element])) }
    #expect(work.seen.places == Dictionary(uniqueKeysWithValues: expected))
  }

  @Test("A sequential run borrows its caller's thread, and gives it back as it was")
  func sequentialRun() async throws {
    let allowed = try Affinity.current()
    let last = try #require(allowed.last)
    let work = GivenWork()
    let assignment = Assignment([work.stage], count: 3, plan: Plan(strategy: .sequential, workers: 1, cpus: [last]))
    let after = try await onThread { () throws(AdvisorError) in
      _ = try SequentialExecutor().run(assignment, Progress(), Cancellation())
      return try Affinity.current()
    }
    #expect(work.seen.places == [0: [last]])
    #expect(after == allowed)
  }

  @Test("A worker takes chunks of neighbouring tasks")
  func chunks() async throws {
    let work = GivenWork()
    _ = try await observe([work.stage], count: 103, Plan(strategy: .threads, workers: 3, chunk: 10))
    for tasks in work.seen.tasks.values {
      let chunks = stride(from: 0, to: tasks.count, by: 10).map { Array(tasks[$0..<min($0 + 10, tasks.count)]) }
      #expect(chunks.allSatisfy { $0[0] % 10 == 0 && $0 == Array($0[0]..<min($0[0] + 10, 103)) })
    }
  }

  @Test("Each item goes through the stages in order")
  func stages() async throws {
    let order = Monitor<[Int: [Int]]>([:])
    let stages = (0..<3).map { stage in
      GivenWork { task, _ in order.withLock { $0[task, default: []].append(stage) } }.stage
    }
    for strategy in [Strategy.threads, .pipeline] {
      order.withLock { $0 = [:] }
      _ = try await observe(stages, count: 30, Plan(strategy: strategy, workers: 6))
      #expect(order.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<30).map { ($0, [0, 1, 2]) }))
    }
  }

  @Test("A slow stage holds the one before it back")
  func slowStage() async throws {
    let passed = Monitor((first: 0, last: 0, most: 0))
    let quick = GivenWork { _, _ in
      passed.withLock {
        $0.first += 1
        $0.most = max($0.most, $0.first - $0.last)
      }
    }
    let slow = GivenWork { _, _ in
      MonotonicClock.sleep(until: MonotonicClock.now + 1_000_000)
      passed.withLock { $0.last += 1 }
    }
    let plan = Plan(strategy: .pipeline, workers: 2, stageWorkers: [1, 1])
    _ = try await observe([quick.stage, slow.stage], count: 40, plan)
    // One item in the slow worker's hands, one in the queue, one in the quick worker's.
    #expect(passed.withLock { $0.most } <= 3)
  }

  @Test("No more tasks are under way than workers", arguments: [Strategy.threads, .tasks, .pipeline])
  func mostUnderWay(strategy: Strategy) async throws {
    let work = GivenWork { _, _ in MonotonicClock.sleep(until: MonotonicClock.now + 200_000) }
    _ = try await observe([work.stage], count: 50, Plan(strategy: strategy, workers: 3))
    #expect(work.seen.maxUnderWay <= 3)
  }

  @Test("Failed tasks are counted, and the first named, and the others go on", arguments: onThreads)
  func failures(strategy: Strategy) async throws {
    let work = GivenWork { task, _ throws(AdvisorError) in
      if task % 2 == 0 { throw AdvisorError(.unavailable, "task \(task) is even", advice: "") }
    }
    let observation = try await observe([work.stage], count: 100, Plan(strategy: strategy, workers: 2, chunk: 3))
    #expect(observation.tasks == 100)
    #expect(observation.failed == 50)
    #expect(observation.failures.count == 20)
    #expect(observation.failures.allSatisfy { $0.reason == "task \($0.task) is even" })
  }

  @Test("A task that failed in one stage is spared the next", arguments: onThreads)
  func failedStage(strategy: Strategy) async throws {
    let first = GivenWork { task, _ throws(AdvisorError) in
      if task == 7 { throw AdvisorError(.unavailable, "no", advice: "") }
    }
    let second = GivenWork()
    let observation = try await observe([first.stage, second.stage], count: 10, Plan(strategy: strategy, workers: 2))
    #expect(observation.failed == 1)
    #expect(second.seen.runs[7] == nil && second.seen.runs.count == 9)
  }

  @Test(
    "A worker that cannot be made stops the others, and its reason is the run's",
    arguments: [Strategy.threads, .tasks, .pipeline])
  func noWorker(strategy: Strategy) async throws {
    // Not for ever: where the pool of Swift tasks has one thread, the last worker is made after the first has ended.
    let work = GivenWork { _, _ in MonotonicClock.sleep(until: MonotonicClock.now + 1_000_000) }
    let good = work.stage
    let stage = StageWork(
      load: .given { index throws(AdvisorError) in
        guard index != 2, case .given(let make) = good.load else {
          throw AdvisorError(.temporary, "no room for worker \(index)", advice: "")
        }
        return try make(index)
      }, sizes: TaskUnits(meanUnits: 1))
    let error = await #expect(throws: AdvisorError.self) {
      try await observe([stage], count: 10, Plan(strategy: strategy, workers: 3))
    }
    #expect(error?.problem == "no room for worker 2")
    #expect(work.seen.living == 0)
  }
}
