import AdvisorCore
import Glibc
import Probe
import Synchronization
import Testing
import Workloads
@testable import Executors
@testable import System

@Suite struct ConcurrentMapTests {
  struct Odd: Error, Equatable { var number: Int }

  @Test("Results are those of map, in its order", arguments: [1, 2, 7, 64], [1, 3, 1000])
  func results(workers: Int, chunk: Int) throws {
    let plan = Plan(strategy: .threads, workers: workers, chunk: chunk)
    #expect(try (0..<500).concurrentMap(plan) { $0 * $0 } == (0..<500).map { $0 * $0 })
  }

  @Test("An empty collection gives an empty result")
  func emptyCollection() throws {
    #expect(try [Int]().concurrentMap(workers: 4) { $0 } == [])
  }

  @Test("Optional results stay where they are")
  func optionals() throws {
    let halves = try (0..<6).concurrentMap(workers: 2) { $0 % 2 == 0 ? $0 / 2 : nil }
    #expect(halves == [0, nil, 1, nil, 2, nil])
  }

  @Test("The error is the one that map throws", arguments: [1, 2, 8], [1, 5])
  func errors(workers: Int, chunk: Int) {
    let calls = Atomic(0)
    #expect(throws: Odd(number: 31)) {
      try (0..<100_000).concurrentMap(workers: workers, chunk: chunk) { number in
        calls.add(1, ordering: .relaxed)
        guard number >= 31, number % 2 == 1 else { return number }
        // Later ones fail at once, the first one late.
        if number == 31 { pause(milliseconds: 20) }
        throw Odd(number: number)
      }
    }
    #expect(calls.load(ordering: .relaxed) < 100_000)
  }

  @Test("A plan says where its threads run")
  func placement() throws {
    let cpu = try #require(try Affinity.current().first)
    let plan = Plan(strategy: .threads, workers: 3, cpus: [cpu])
    let places = try (0..<9).concurrentMap(plan) { _ in try Affinity.current() }
    #expect(places.allSatisfy { $0 == [cpu] })
  }

  @Test("A sequential plan stays in the calling thread")
  func sequential() throws {
    let here = pthread_self()
    let plan = Plan(strategy: .sequential, workers: 1)
    #expect(try (0..<9).concurrentMap(plan) { _ in pthread_self() } == Array(repeating: here, count: 9))
  }

  @Test("Cancelling lets elements under way end and begins no other")
  func cancelling() {
    let cancellation = Cancellation()
    let calls = Atomic(0)
    #expect(throws: CancellationError.self) {
      try (0..<1000).concurrentMap(workers: 2, cancellation: cancellation) { number in
        calls.add(1, ordering: .relaxed)
        if number == 10 { cancellation.cancel() }
      }
    }
    #expect(calls.load(ordering: .relaxed) < 1000)
  }

  @Test("Cancelling the task that awaits cancels the map", .timeLimit(.minutes(1)))
  func cancellingTheTask() async {
    let begun = Atomic(false)
    let task = Task {
      try await (0..<100_000).concurrentMap(Plan(strategy: .threads, workers: 2)) { _ in
        begun.store(true, ordering: .relaxed)
        pause(milliseconds: 1)
      }
    }
    while !begun.load(ordering: .relaxed) { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("Awaiting gives the same as blocking")
  func awaiting() async throws {
    let plan = Plan(strategy: .threads, workers: 3, chunk: 2)
    #expect(try await ["a", "b", "c"].concurrentMap(plan) { $0 + $0 } == ["aa", "bb", "cc"])
  }

  @Test(
    "A plan that cannot be obeyed is refused",
    arguments: [
      Plan(strategy: .processes, workers: 2), Plan(strategy: .threads, workers: 0),
      Plan(strategy: .threads, workers: 1, chunk: 0),
      Plan(strategy: .threads, workers: 1, cpus: []),
    ])
  func refusedPlans(plan: Plan) {
    #expect { try [1].concurrentMap(plan) { $0 } } throws: { ($0 as? AdvisorError)?.code == .usage }
  }
}

private func pause(milliseconds: UInt64) { MonotonicClock.sleep(until: MonotonicClock.now + milliseconds * 1_000_000) }

@Suite struct JobOfMapTests {
  @Test("A function that computes becomes CPU time")
  func computing() {
    let job = Job(count: 12, [CallTime(wall: 0.0105, cpu: 0.01), CallTime(wall: 0.0105, cpu: 0.01)])
    #expect(job.text == "cpu:12x0.01s")
  }

  @Test("A function that waits becomes waiting")
  func waiting() {
    let job = Job(count: 3, [CallTime(wall: 0.5, cpu: 0.001)])
    #expect(job.stages.map(\.kind) == [.wait])
    #expect(job.stages.first?.size == .seconds(0.499))
  }

  @Test("One that does both becomes two stages")
  func both() {
    let job = Job(count: 3, [CallTime(wall: 0.75, cpu: 0.25)])
    #expect(job.text == "cpu:3x0.25s+wait:3x0.5s")
  }

  @Test("The spread is that of the samples")
  func spread() {
    // Mean 2, sample standard deviation 1.
    let job = Job(count: 9, [1, 2, 3].map { CallTime(wall: $0, cpu: $0) })
    #expect(job.stages.first?.spread == 0.5)
  }

  @Test("The text can be read again")
  func text() throws {
    let job = Job(
      count: 9,
      [CallTime(wall: 1.5e-7, cpu: 1.234e-7), CallTime(wall: 3e-7, cpu: 2e-7), CallTime(wall: 4e-7, cpu: 3e-7)])
    #expect(try Job(job.text).stages == job.stages)
  }

  @Test("Samples are called once each, and no more than asked for")
  func samples() throws {
    var calls: [Int] = []
    let job = try Job(mapping: 10..<20, samples: 3) { calls.append($0) }
    #expect(calls == [10, 11, 12])
    #expect(job.stages.allSatisfy { $0.count == 10 })
  }

  @Test("Nothing to map is refused")
  func nothing() {
    #expect(throws: AdvisorError.self) { try Job(mapping: [Int]()) { $0 } }
  }
}
