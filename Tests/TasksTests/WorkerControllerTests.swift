import AdvisorCore
import Testing
private import func Glibc.log
@testable import Tasks

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

  /// Exponential times: two in a hundred take four times the mean, and the first to end may be very short.
  @Test(
    "Waits that differ widely are no queue, and idle CPUs get as many as they have room for",
    arguments: [0.0, 0.37, 0.73])
  func waitsThatDiffer(phase: Double) {
    let machine = SimulatedMachine(cpus: 2)
    let tasks = (0..<400).map { index in
      let share = (phase + Double(index) * 0.618).truncatingRemainder(dividingBy: 1)
      return Task(waitSeconds: -0.2 * log(1 - share), cpuSeconds: 0.001)
    }
    var controller = WorkerController(limits: machine.limits())
    let found = machine.run(tasks, &controller)
    #expect(found.seconds <= 1.1 * machine.run(tasks, workers: 64), "\(found)")
  }

  @Test("A run starts with one task a CPU")
  func startsWithOneTaskACPU() {
    let controller = WorkerController(limits: .init(cpus: 3.5, limit: .ceiling(100), memoryBytes: nil))
    #expect(controller.workers == 4)
    #expect(controller.isPilot)
  }

  @Test(
    "A run starts with what an earlier one of the same has found, within reason",
    arguments: [(nil, 2), (1, 2), (2, 2), (6, 6), (60, 16)] as [(Int?, Int)])
  func startsWhereAnEarlierOneEnded(expected: Int?, workers: Int) {
    let controller = WorkerController(limits: .init(cpus: 2, limit: .ceiling(100)), expected: expected)
    #expect(controller.workers == workers && controller.isPilot)
    #expect(controller.reason == (workers > 2 ? .pastRun(workers: workers) : .pilot))
  }

  @Test("Idle CPUs get more tasks while none has ended")
  func idleCPUsGetMoreTasksWhileNoneHasEnded() {
    var controller = WorkerController(limits: .init(cpus: 2, limit: .ceiling(100), memoryBytes: nil))
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
    var controller = WorkerController(limits: .init(cpus: 2, limit: .ceiling(100), memoryBytes: 8e9))
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
    var controller = WorkerController(limits: .init(cpus: 2, limit: .ceiling(100), memoryBytes: nil))
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
      limits: .init(cpus: cpus, limit: .ceiling(100), memoryBytes: nil))
    let task = WorkerController.Usage(wallSeconds: slowdown, cpuSeconds: 1, running: expected)
    _ = controller.handle(.looked(Array(repeating: task, count: expected)), at: 1)
    #expect(controller.workers == expected)
    for second in 1...expected { _ = controller.handle(.ended(task), at: Double(second)) }
    #expect(!controller.isPilot && controller.workers == expected)
  }

  @Test("CPUs that others keep busy are no room for more workers", arguments: [(0.0, 2), (1.0, 3)])
  func othersAreNoRoom(idle: Double, expected: Int) {
    var controller = WorkerController(limits: .init(cpus: 2, limit: .ceiling(100), memoryBytes: nil))
    // Tasks that compute for half of their time: in the other half others do.
    let task = WorkerController.Usage(wallSeconds: 0.05, cpuSeconds: 0.025, queuedSeconds: 0.025, running: 2)
    var most = 0
    for end in 0..<60 {
      _ = controller.handle(.machineIdle(cpus: idle), at: Double(end) * 0.025)
      _ = controller.handle(.ended(task), at: Double(end) * 0.025)
      most = max(most, controller.workers)
    }
    #expect(most == expected)
  }

  @Test("What the thread that starts tasks takes is no wait of theirs")
  func startingIsNoWait() {
    var controller = WorkerController(limits: .init(cpus: 2, limit: .ceiling(100), memoryBytes: nil))
    let task = WorkerController.Usage(wallSeconds: 0.006, cpuSeconds: 0.004, dispatchSeconds: 0.002)
    _ = controller.handle(.looked([task, task]), at: 1)
    #expect(controller.workers == 2)
  }

  @Test("No more tasks start than one thread can serve")
  func startsNoMoreThanOneThreadCanServe() {
    var controller = WorkerController(limits: .init(cpus: 1, limit: .ceiling(500), memoryBytes: nil))
    _ = controller.handle(.ended(.init(wallSeconds: 1, cpuSeconds: 0.001, dispatchSeconds: 0.1)), at: 1)
    #expect(controller.workers == 11)
  }

  /// Without a queue, 4 ms of waiting beside 2 ms of computing would be room for 12.
  @Test("Where tasks mostly queue, the rest of their time is no wait", arguments: [(0.094, 2), (0.0, 12)])
  func queueErrors(queuedSeconds: Double, workers: Int) {
    var controller = WorkerController(limits: .init(cpus: 2, limit: .ceiling(100), memoryBytes: nil))
    for second in 1...2 {
      let usage = WorkerController.Usage(
        wallSeconds: 0.006 + queuedSeconds, cpuSeconds: 0.002, queuedSeconds: queuedSeconds)
      _ = controller.handle(.ended(usage), at: Double(second))
    }
    #expect(controller.workers == workers)
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
    var controller = WorkerController(limits: machine.limits(memoryBytes: 3.9e9))
    let found = machine.run(
      Array(repeating: Task(waitSeconds: 0.5, cpuSeconds: 0.01, memoryBytes: 1e9), count: 50), &controller)
    // Four tasks of 1 GB would take more than 3.9 GB.
    #expect(found.most == 3)
    #expect(controller.reason == .memory)
  }

  @Test("At least one worker is kept, whatever the memory")
  func keepsAtLeastOneWorkerWhateverTheMemory() {
    var controller = WorkerController(limits: .init(cpus: 4, limit: .ceiling(100), memoryBytes: 1e6))
    _ = controller.handle(.ended(.init(wallSeconds: 1, cpuSeconds: 1, memoryBytes: 1e12)), at: 1)
    #expect(controller.workers == 1)
  }

  @Test("A shortage of memory limits the workers, and only many tasks later are there more again")
  func aShortageOfMemoryLimitsTheWorkers() {
    var controller = WorkerController(limits: .init(cpus: 8, limit: .ceiling(100), memoryBytes: 8e9))
    let change = controller.handle(.shortOfMemory(running: 8), at: 1)
    #expect(change?.workers == 7)
    #expect(change?.reason == .memoryExhausted)
    #expect(controller.handle(.shortOfMemory(running: 3), at: 2)?.workers == 2)
    // Fewer cannot be had. After the third shortage it takes four rounds of tasks for each worker more: 4, 8, 12, 16 tasks.
    _ = controller.handle(.shortOfMemory(running: 1), at: 3)
    var workers: [Int] = []
    for second in 4...100 {
      _ = controller.handle(.ended(.init(wallSeconds: 1, cpuSeconds: 0.001)), at: Double(second))
      workers.append(controller.workers)
    }
    #expect([2, 3, 10, 11, 22, 23, 38, 39].map { workers[$0] } == [1, 2, 2, 3, 3, 4, 4, 5])
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
      limits: .init(cpus: 64, limit: .ceiling(100), memoryBytes: nil), fixed: fixed)
    #expect(controller.handle(.refused(running: 12), at: 0)?.workers == 12)
    for second in 1...200 {
      _ = controller.handle(.ended(.init(wallSeconds: 1, cpuSeconds: 0.001)), at: Double(second))
    }
    #expect(controller.workers == 12)
  }

  @Test("Senseless figures are survived")
  func survivesSenselessFigures() {
    var controller = WorkerController(
      limits: .init(cpus: 0.01, limit: .ceiling(100), memoryBytes: nil))
    for (index, value) in [0, -1, 1e300, .infinity, .nan].enumerated() {
      _ = controller.handle(.looked([.init(wallSeconds: value, cpuSeconds: value)]), at: Double(index))
      _ = controller.handle(.ended(.init(wallSeconds: value, cpuSeconds: value, memoryBytes: value)), at: Double(index))
      #expect((1...100).contains(controller.workers))
    }
  }
}
