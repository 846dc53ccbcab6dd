import AdvisorCore
import Testing
@testable import Tasks

/// A machine in the large: tasks first wait, then share its CPUs, then share a device that few can use at once.
struct SimulatedMachine {
  struct Task {
    var waitSeconds = 0.0
    var cpuSeconds = 0.0
    var deviceSeconds = 0.0
    var memoryBytes = 0.0
  }

  private struct Running {
    var left: Task
    var used: WorkerController.Usage
  }

  var cpus = 2.0
  var deviceRoom = 1.0

  /// How long the tasks take with the controller's numbers; the most workers it came to, and the last number.
  func run(_ tasks: [Task], _ controller: inout WorkerController) -> (seconds: Double, most: Int, last: Int) {
    var started = 0
    var running: [Running] = []
    var (now, most, nextLook) = (0.0, 0, 0.01)
    while started < tasks.count || !running.isEmpty {
      while running.count < controller.workers, started < tasks.count {
        let task = tasks[started]
        running.append(Running(left: task, used: .init(wallSeconds: 0, cpuSeconds: 0, memoryBytes: task.memoryBytes)))
        started += 1
      }
      most = max(most, running.count)
      now += advance(&running, atMost: controller.isPilot ? nextLook - now : .infinity)
      for task in running where task.left.isDone { _ = controller.handle(.ended(task.used), at: now) }
      running.removeAll { $0.left.isDone }
      if controller.isPilot, now >= nextLook - 1e-9 {
        _ = controller.handle(.looked(running.prefix(8).map(\.used)), at: now)
        nextLook = 2 * now
      }
    }
    return (now, most, controller.workers)
  }

  func run(_ tasks: [Task], workers: Int) -> Double {
    var controller = WorkerController(limits: limits(), fixed: workers)
    return run(tasks, &controller).seconds
  }

  func limits(memoryBytes: Double? = nil, maxWorkers: Int = 512) -> WorkerController.Limits {
    .init(cpus: cpus, maxWorkers: maxWorkers, maxWorkersReason: "the test", memoryBytes: memoryBytes)
  }

  /// Moves all tasks on until the first of them has done what it does. Returns the seconds that have passed.
  private func advance(_ running: inout [Running], atMost limit: Double) -> Double {
    let computing = Double(running.count { $0.left.part == \.cpuSeconds })
    let atDevice = Double(running.count { $0.left.part == \.deviceSeconds })
    let rates: [WritableKeyPath<Task, Double>: Double] = [
      \.waitSeconds: 1, \.cpuSeconds: min(1, cpus / computing), \.deviceSeconds: min(1, deviceRoom / atDevice),
    ]
    let step = running.map { $0.left[keyPath: $0.left.part] / (rates[$0.left.part] ?? 1) }.min() ?? 0
    let seconds = min(step, limit)
    for index in running.indices {
      let part = running[index].left.part
      let progress = seconds * (rates[part] ?? 1)
      running[index].left[keyPath: part] -= progress
      running[index].used.wallSeconds += seconds
      guard part == \.cpuSeconds else { continue }
      running[index].used.cpuSeconds += progress
      running[index].used.queuedSeconds += seconds - progress
    }
    return seconds
  }
}

extension SimulatedMachine.Task {
  fileprivate var isDone: Bool { max(waitSeconds, cpuSeconds, deviceSeconds) <= 1e-9 }

  fileprivate func scaled(by factor: Double) -> Self {
    Self(
      waitSeconds: waitSeconds * factor, cpuSeconds: cpuSeconds * factor, deviceSeconds: deviceSeconds * factor,
      memoryBytes: memoryBytes)
  }

  /// What it is about now.
  fileprivate var part: WritableKeyPath<Self, Double> {
    waitSeconds > 1e-9 ? \.waitSeconds : cpuSeconds > 1e-9 ? \.cpuSeconds : \.deviceSeconds
  }
}

@Suite struct WorkerControllerTests {
  typealias Task = SimulatedMachine.Task

  /// Within a tenth of the best fixed number that a search finds, beside two tasks' time: the pilot's, and that of tasks
  /// which all began at once and so all compute at once. Sizes differ by up to 30 % either way.
  @Test(
    "The controller comes close to the best fixed number",
    arguments: [
      (Task(waitSeconds: 0.05, cpuSeconds: 0.001), 200, 2.0), (Task(cpuSeconds: 0.3), 16, 2.0),
      (Task(waitSeconds: 0.08, cpuSeconds: 0.02), 100, 2.0), (Task(waitSeconds: 0.02, cpuSeconds: 0.02), 400, 4.0),
      (Task(cpuSeconds: 0.01, deviceSeconds: 0.02), 300, 2.0), (Task(waitSeconds: 1, cpuSeconds: 0.01), 500, 8.0),
      (Task(cpuSeconds: 0.05), 200, 1.5),
    ])
  func comesCloseToTheBestFixedNumber(_ task: Task, count: Int, cpus: Double) {
    let machine = SimulatedMachine(cpus: cpus)
    let tasks = (0..<count).map { task.scaled(by: 0.7 + 0.6 * (Double($0) * 0.618).truncatingRemainder(dividingBy: 1)) }
    var controller = WorkerController(limits: machine.limits())
    let found = machine.run(tasks, &controller)
    let best = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256, 512].map { machine.run(tasks, workers: $0) }.min() ?? 0
    let alone = task.waitSeconds + task.cpuSeconds + task.deviceSeconds
    #expect(found.seconds <= 1.1 * best + 2 * alone, "\(found) where \(best) s are possible")
  }

  @Test("A run starts with one task a CPU")
  func startsWithOneTaskACPU() {
    let controller = WorkerController(limits: .init(cpus: 3.5, maxWorkers: 100, maxWorkersReason: "", memoryBytes: nil))
    #expect(controller.workers == 4)
    #expect(controller.isPilot)
  }

  @Test("Idle CPUs get more tasks while none has ended")
  func idleCPUsGetMoreTasksWhileNoneHasEnded() {
    var controller = WorkerController(limits: .init(cpus: 2, maxWorkers: 100, maxWorkersReason: "", memoryBytes: nil))
    #expect(controller.handle(.idle(cpus: 0.5), at: 0.01) == nil)
    #expect(controller.handle(.idle(cpus: 1), at: 0.02)?.workers == 4)
    #expect(controller.handle(.idle(cpus: 2), at: 0.03)?.workers == 8)
    for look in 4...40 { _ = controller.handle(.idle(cpus: 2), at: Double(look) / 100) }
    #expect(controller.workers == 64)
    for _ in 1...2 { _ = controller.handle(.ended(.init(wallSeconds: 1, cpuSeconds: 1)), at: 1) }
    #expect(controller.handle(.idle(cpus: 2), at: 1.1) == nil)
  }

  @Test("Idle CPUs get no more tasks while those that run take memory")
  func idleCPUsGetNoMoreTasksWhileThoseThatRunTakeMemory() {
    var controller = WorkerController(limits: .init(cpus: 2, maxWorkers: 100, maxWorkersReason: "", memoryBytes: 8e9))
    let looks = [(1e9, 2), (2e9, 2), (2.01e9, 3)]
    for (bytes, workers) in looks {
      let task = WorkerController.Usage(wallSeconds: 1, cpuSeconds: 1, memoryBytes: bytes)
      _ = controller.handle(.looked([task]), at: 0.1)
      _ = controller.handle(.idle(cpus: 2), at: 0.1)
      // 8 GB hold three tasks of 2 GB beside a reserve.
      #expect(controller.workers == workers)
    }
  }

  @Test("Tasks that compute stay at the CPUs")
  func staysAtTheCPUsWhereTasksCompute() {
    let machine = SimulatedMachine(cpus: 2)
    var controller = WorkerController(limits: machine.limits())
    #expect(machine.run(Array(repeating: Task(cpuSeconds: 0.1), count: 200), &controller).most <= 3)
  }

  @Test("Time in the run queue is no wait")
  func takesARunQueueForNoWait() {
    // A neighbour takes half of the CPUs: tasks take twice as long, but they do not wait.
    var controller = WorkerController(limits: .init(cpus: 2, maxWorkers: 100, maxWorkersReason: "", memoryBytes: nil))
    for second in 1...2 {
      _ = controller.handle(.ended(.init(wallSeconds: 1, cpuSeconds: 0.5, queuedSeconds: 0.5)), at: Double(second))
    }
    #expect(!controller.isPilot)
    #expect(controller.workers == 2)
  }

  /// A shell's child has queued, which the kernel does not tell of the shell; under a quota of 1.5 two tasks get 3/4 of a CPU each.
  @Test(
    "Tasks that keep the CPUs busy get no more workers, whatever they seem to wait for",
    arguments: [(0.5, 2.0, 1), (1.0, 1.0, 1), (1.0, 1.15, 1), (1.5, 4.0 / 3, 2), (2.0, 1.1, 2)])
  func busyCPUsHaveRoomForNoMore(cpus: Double, slowdown: Double, expected: Int) {
    var controller = WorkerController(
      limits: .init(cpus: cpus, maxWorkers: 100, maxWorkersReason: "", memoryBytes: nil))
    let task = WorkerController.Usage(wallSeconds: slowdown, cpuSeconds: 1, running: expected)
    _ = controller.handle(.looked(Array(repeating: task, count: expected)), at: 1)
    #expect(controller.workers == expected)
    for second in 1...expected { _ = controller.handle(.ended(task), at: Double(second)) }
    #expect(!controller.isPilot && controller.workers == expected)
  }

  @Test("What the thread that starts tasks takes is no wait of theirs")
  func startingIsNoWait() {
    var controller = WorkerController(limits: .init(cpus: 2, maxWorkers: 100, maxWorkersReason: "", memoryBytes: nil))
    let task = WorkerController.Usage(wallSeconds: 0.006, cpuSeconds: 0.004, dispatchSeconds: 0.002)
    _ = controller.handle(.looked([task, task]), at: 1)
    #expect(controller.workers == 2)
  }

  @Test("No more tasks start than one thread can serve")
  func startsNoMoreThanOneThreadCanServe() {
    var controller = WorkerController(limits: .init(cpus: 1, maxWorkers: 500, maxWorkersReason: "", memoryBytes: nil))
    _ = controller.handle(.ended(.init(wallSeconds: 1, cpuSeconds: 0.001, dispatchSeconds: 0.1)), at: 1)
    #expect(controller.workers == 11)
  }

  @Test("Workers that only queue are let go")
  func letsGoOfWorkersThatOnlyQueue() {
    // A device for one at a time: of the sixty that the pilot's waiting suggests, few do more than queue.
    let machine = SimulatedMachine(cpus: 2, deviceRoom: 1)
    var controller = WorkerController(limits: machine.limits())
    let found = machine.run(Array(repeating: Task(cpuSeconds: 0.001, deviceSeconds: 0.02), count: 4000), &controller)
    #expect(found.last <= 8, "\(found)")
  }

  @Test("Workers are kept within memory")
  func keepsWithinMemory() {
    let machine = SimulatedMachine(cpus: 2)
    var controller = WorkerController(limits: machine.limits(memoryBytes: 4e9))
    let found = machine.run(
      Array(repeating: Task(waitSeconds: 0.5, cpuSeconds: 0.01, memoryBytes: 1e9), count: 50), &controller)
    // 4 GB hold three tasks of 1 GB beside a reserve.
    #expect(found.most == 3)
    #expect(controller.reason == "memory for no more of them")
  }

  @Test("At least one worker is kept, whatever the memory")
  func keepsAtLeastOneWorkerWhateverTheMemory() {
    var controller = WorkerController(limits: .init(cpus: 4, maxWorkers: 100, maxWorkersReason: "", memoryBytes: 1e6))
    _ = controller.handle(.ended(.init(wallSeconds: 1, cpuSeconds: 1, memoryBytes: 1e12)), at: 1)
    #expect(controller.workers == 1)
  }

  @Test("A shortage of memory limits the workers")
  func aShortageOfMemoryLimitsTheWorkers() {
    var controller = WorkerController(limits: .init(cpus: 8, maxWorkers: 100, maxWorkersReason: "", memoryBytes: 8e9))
    let change = controller.handle(.shortOfMemory(running: 8), at: 1)
    #expect(change?.workers == 7)
    #expect(change?.because == "more of them were too much for memory")
    #expect(controller.handle(.shortOfMemory(running: 3), at: 2)?.workers == 2)
    // Fewer cannot be had, and never are there more again.
    _ = controller.handle(.shortOfMemory(running: 1), at: 3)
    for second in 4...100 {
      _ = controller.handle(.ended(.init(wallSeconds: 1, cpuSeconds: 0.001)), at: Double(second))
    }
    #expect(controller.workers == 1)
  }

  @Test("The user's number is obeyed")
  func obeysTheUsersNumber() {
    let machine = SimulatedMachine(cpus: 2)
    var controller = WorkerController(limits: machine.limits(memoryBytes: 1), fixed: 7)
    #expect(!controller.isPilot)
    #expect(machine.run(Array(repeating: Task(waitSeconds: 0.05, memoryBytes: 1e9), count: 100), &controller).most == 7)
    #expect(controller.workers == 7)
  }

  @Test("The user who changes the number is obeyed")
  func obeysTheUserWhoChangesTheNumber() {
    let machine = SimulatedMachine(cpus: 2)
    var controller = WorkerController(limits: machine.limits(maxWorkers: 4))
    let numbers = [1, 1, 1, -1, -5, 1].map { more -> Int in
      _ = controller.handle(.asked(more: more), at: 0)
      return controller.workers
    }
    #expect(numbers == [3, 4, 4, 3, 1, 2])
    #expect(!controller.isPilot)
    // No measurement changes it any more.
    #expect(machine.run(Array(repeating: Task(waitSeconds: 0.1), count: 100), &controller).most == 2)
  }

  @Test("The system's limits are obeyed")
  func obeysTheSystemsLimits() {
    let machine = SimulatedMachine(cpus: 2)
    var controller = WorkerController(limits: machine.limits(maxWorkers: 5))
    #expect(machine.run(Array(repeating: Task(waitSeconds: 0.1), count: 100), &controller).most == 5)
    #expect(controller.workers <= 5)
    #expect(WorkerController(limits: machine.limits(maxWorkers: 5), fixed: 1_000_000).workers == 5)
  }

  @Test("A refusal is taken for a limit", arguments: [nil, 50])
  func takesARefusalForALimit(fixed: Int?) {
    var controller = WorkerController(
      limits: .init(cpus: 64, maxWorkers: 100, maxWorkersReason: "", memoryBytes: nil), fixed: fixed)
    #expect(controller.handle(.refused(running: 12), at: 0)?.workers == 12)
    for second in 1...200 {
      _ = controller.handle(.ended(.init(wallSeconds: 1, cpuSeconds: 0.001)), at: Double(second))
    }
    #expect(controller.workers == 12)
  }

  @Test("Senseless figures are survived")
  func survivesSenselessFigures() {
    var controller = WorkerController(
      limits: .init(cpus: 0.01, maxWorkers: 100, maxWorkersReason: "", memoryBytes: nil))
    for (index, value) in [0, -1, 1e300, .infinity, .nan].enumerated() {
      _ = controller.handle(.looked([.init(wallSeconds: value, cpuSeconds: value)]), at: Double(index))
      _ = controller.handle(.ended(.init(wallSeconds: value, cpuSeconds: value, memoryBytes: value)), at: Double(index))
      #expect((1...100).contains(controller.workers))
    }
  }
}
