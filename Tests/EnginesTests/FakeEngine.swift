import AdvisorCore
import Glibc
@testable import Engines
@testable import System
@testable import Tasks

/// An engine that lives in the test: it has started what is submitted at once, and tells what it is made to tell.
final class FakeEngine: Engine {
  let name = "fake"
  private var pipe: Pipe?
  var descriptor: Int32 { pipe?.reading.number ?? -1 }
  private var told: [EngineEvent] = []
  private(set) var submitted: [EngineTask] = []
  private(set) var cancelled: [Int] = []
  private(set) var hasDrained = false
  private(set) var hasStopped = false
  private(set) var maxUnderWay = 0
  private var underWay: Set<Int> = []
  private var failure: AdvisorError?
  /// What follows from a submission; by default the task succeeds and prints its last argument.
  var onSubmit: (FakeEngine, EngineTask) -> Void = { engine, task in engine.succeed(task) }
  var onCancel: (FakeEngine, Int) -> Void = { engine, id in engine.tell(.ended(EngineResult(id: id, ending: .stopped)))
  }
  var onDrain: (FakeEngine) -> Void = { _ in }
  var slots = 3
  var startFailure: AdvisorError?

  func start() throws(AdvisorError) {
    if let startFailure { throw startFailure }
    pipe = try Pipe()
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    tell(.workers([EngineCosts.Worker(name: "w", host: "h", slots: slots)]))
    tell(.ready)
  }

  func submit(_ task: EngineTask) {
    submitted.append(task)
    underWay.insert(task.id)
    maxUnderWay = max(maxUnderWay, underWay.count)
    onSubmit(self, task)
  }

  func cancel(_ ids: [Int]) {
    cancelled += ids
    for id in ids { onCancel(self, id) }
  }

  func drain() {
    hasDrained = true
    onDrain(self)
  }

  func events() throws(AdvisorError) -> [EngineEvent] {
    var bytes = [UInt8](repeating: 0, count: 64)
    _ = read(descriptor, &bytes, bytes.count)
    if let failure, told.isEmpty { throw failure }
    defer { told = [] }
    for event in told {
      switch event {
      case .ended(let result): underWay.remove(result.id)
      case .lost(let id, _), .withdrawn(let id): underWay.remove(id)
      default: break
      }
    }
    if failure != nil { wake() }
    return told
  }

  func stop() { hasStopped = true }

  func tell(_ event: EngineEvent) {
    told.append(event)
    wake()
  }

  func fail(_ error: AdvisorError) {
    failure = error
    wake()
  }

  func succeed(_ task: EngineTask) {
    guard case .command(let arguments, _) = task.work else { return }
    tell(.ended(EngineResult(id: task.id, ending: .succeeded, output: (arguments.last ?? []) + [10])))
  }

  private func wake() {
    _ = pipe?.writing.write([1])
  }
}
