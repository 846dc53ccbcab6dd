import AdvisorCore
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
    .init(cpus: cpus, limit: .ceiling(maxWorkers), memoryBytes: memoryBytes)
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

  func scaled(by factor: Double) -> Self {
    Self(
      waitSeconds: waitSeconds * factor, cpuSeconds: cpuSeconds * factor, deviceSeconds: deviceSeconds * factor,
      memoryBytes: memoryBytes)
  }

  /// What it is about now.
  fileprivate var part: WritableKeyPath<Self, Double> {
    waitSeconds > 1e-9 ? \.waitSeconds : cpuSeconds > 1e-9 ? \.cpuSeconds : \.deviceSeconds
  }
}
