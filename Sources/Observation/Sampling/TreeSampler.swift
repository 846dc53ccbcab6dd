public import AdvisorCore
import System

/// Looks at a process and all its descendants again and again.
///
/// New processes are looked for only when a task has begun on the machine since (the last field of `/proc/loadavg`), and a
/// process that was once found to be another's stays so; more than its run time is read only of threads that have run.
public final class TreeSampler {
  public let root: Int32
  private let budget = DescriptorBudget()
  private let places = WaitPlaces()
  private let newest: RepeatedFile
  private let adopter: Int32?
  private let rootStartTicks: Int
  private let stranger: Int32?
  private var processes: [Int32: TrackedProcess] = [:]
  private var others: Set<Int32> = []
  private var lost: Set<Int32> = []
  private var newestText: [UInt8] = []
  private let start = MonotonicClock.seconds
  private var hasStarted = false
  private var surroundings: SurroundingsReader
  private var nextSurroundings = 0.0
  private var nextTransfers = 0.0
  private var maxTransfers: Transfers?
  /// CPU time of processes that have gone, which their parents have not told of (yet), and the most that was found.
  private var goneSeconds = 0.0
  private var maxSeconds = 0.0
  private var departed: [Int32: (name: String, isPython: Bool)] = [:]
  private var goneFaults = 0
  /// Processes that have gone, at most, whose names are kept.
  private static let maxDeparted = 4096

  /// - Parameters:
  ///   - root: the first process of the tree.
  ///   - adopter: the process to which those come that lose their parent, where that is this one.
  ///   - other: a child of the adopter that is not of the tree.
  /// - Throws: ``AdvisorError`` where there is no such process, or none that can be observed; it says why.
  public init(root: Int32, adopter: Int32? = nil, besides other: Int32? = nil) throws(AdvisorError) {
    self.root = root
    stranger = other
    if let other { others.insert(other) }
    self.adopter = adopter
    newest = RepeatedFile("/proc/loadavg", budget: budget)
    surroundings = SurroundingsReader(process: root)
    guard let process = TrackedProcess(root, isNew: adopter != nil, budget: budget) else {
      throw ObservationFault.unreadable(root)
    }
    if process.stat.isKernelThread { throw ObservationFault.kernelThread(root, process.stat.name) }
    // A child of ours may have ended already, and is there until we ask how.
    if adopter == nil, process.stat.state == UInt8(ascii: "Z") {
      throw ObservationFault.zombie(root, process.stat.name)
    }
    rootStartTicks = process.stat.startTicks
    processes[root] = process
  }

  /// Whether the kernel keeps from us where some threads of the tree wait.
  public var isDenied: Bool { places.isDenied }

  /// The tree's processes that have not ended, without the first.
  func runningDescendants() -> [Int32] {
    // One may have been met while its parent was unknown, and taken for another's.
    (others, newestText) = (Set([stranger].compactMap(\.self)), [])
    _ = sample()
    return processes.values.filter { $0.id != root && $0.stat.state != UInt8(ascii: "Z") }.map(\.id)
  }

  /// Whether the first process is still there.
  public var isRootAlive: Bool { processes[root] != nil && processes[root]?.stat.state != UInt8(ascii: "Z") }

  /// CPU time of all processes that samples have met, until they last did, in seconds.
  public var seenSeconds: Double { processes.values.reduce(goneSeconds) { $0 + $1.ownSeconds } }

  /// Looks at all that is there now.
  public func sample() -> TreeSample {
    let mayHaveForked = hasForked() || !lost.isEmpty
    if mayHaveForked { findProcesses() }
    for (id, process) in processes where !process.update(places, mayHaveForked: mayHaveForked) {
      goneSeconds += process.ownSeconds
      goneFaults += process.stat.majorFaults
      if departed.count < Self.maxDeparted { departed[id] = (process.stat.name, process.isPython) }
      processes[id] = nil
    }
    hasStarted = true
    let seconds = MonotonicClock.seconds - start
    var sample = TreeSample(
      seconds: seconds, threads: threads(), processes: processes.count, cpuSeconds: cpuSeconds(),
      kernelSeconds: processes.values.reduce(0) { $0 + $1.kernelSeconds },
      residentBytes: processes.values.reduce(0) { $0 + $1.stat.residentPages } * SystemConstant.pageBytes,
      majorFaults: goneFaults + processes.values.reduce(0) { $0 + $1.stat.majorFaults })
    if seconds >= nextSurroundings {
      sample.surroundings = surroundings.read(busiest: busiest, hasFaults: sample.majorFaults > 100)
      sample.surroundings?.seconds = seconds
      sample.surroundings?.allowedCPUs = allowedCPUs(sample.threads).map(\.description)
      nextSurroundings = seconds + 0.25
    }
    if seconds >= nextTransfers {
      nextTransfers = seconds + 1
      updateTransfers()
    }
    return sample
  }
}

extension TreeSampler {
  /// Whether a process or thread has begun since the last look, anywhere where this process can see it.
  private func hasForked() -> Bool {
    guard let text = newest.read({ $0.split(separator: UInt8(ascii: " ")).last.map(Array.init) }) else { return true }
    defer { newestText = text }
    return text != newestText
  }

  /// Finds the tree's new processes: children of those that we know, and theirs.
  private func findProcesses() {
    var ids: [Int32] = []
    Descriptor(opening: "/proc", .folder)?.addNumbers(to: &ids)
    others.formIntersection(ids)
    var found: [Int32: TrackedProcess] = [:]
    for id in ids where processes[id] == nil && !others.contains(id) {
      if let process = TrackedProcess(id, isNew: hasStarted || adopter != nil, budget: budget) { found[id] = process }
    }
    let formerlyLost = lost
    lost = []
    for (id, process) in found where id != adopter {
      let parent = knownAncestor(of: process, among: found)
      // What this process had started before is none of the tree's.
      let isAdopted = parent == adopter && process.stat.startTicks >= rootStartTicks
      if processes[parent] != nil || isAdopted {
        processes[id] = process
      } else if parent == 0 || parent == adopter || others.contains(parent) || formerlyLost.contains(id) {
        others.insert(id)
      } else {
        // Its parent has gone between the list and now: the next look tells who has it.
        lost.insert(id)
      }
    }
  }

  /// The nearest ancestor that is not new itself.
  private func knownAncestor(of process: TrackedProcess, among found: [Int32: TrackedProcess]) -> Int32 {
    var parent = process.stat.parent
    while parent != adopter, processes[parent] == nil, let between = found[parent] { parent = between.stat.parent }
    return parent
  }

  private func threads() -> [ThreadSample] {
    var samples: [ThreadSample] = []
    for process in processes.values {
      for thread in process.threads where thread.state != .ended {
        samples.append(
          ThreadSample(
            id: thread.id, process: process.id, state: thread.state,
            runSeconds: Double(thread.figures.runNanoseconds) / 1e9,
            queueSeconds: Double(thread.figures.queueNanoseconds) / 1e9, slices: thread.figures.slices))
      }
    }
    return samples
  }

  /// The CPUs on which one or the other thread may run of those that are about to (sched_setaffinity(2)).
  private func allowedCPUs(_ threads: [ThreadSample]) -> CPUSet? {
    threads.lazy.filter { $0.state == .runnable }.prefix(16).reduce(nil) { union, thread in
      let status = KernelFile.read("/proc/\(thread.process)/task/\(thread.id)/status") ?? []
      guard let list = KernelText.value(of: "Cpus_allowed_list", in: status), let cpus = CPUSet(list: Array(list))
      else { return union }
      return union?.union(cpus) ?? cpus
    }
  }

  /// What has used most, whose cgroup counts.
  private var busiest: Int32 { processes.max { $0.value.ownSeconds < $1.value.ownSeconds }?.key ?? root }

  /// CPU time of the tree since the first look. Parents tell of children that they have reaped, but not of those whose end
  /// they ignore: hence the greater of what they tell and of what was seen.
  private func cpuSeconds() -> Double {
    let told = processes.values.reduce(0) { $0 + $1.totalSeconds }
    maxSeconds = max(maxSeconds, told, seenSeconds)
    return maxSeconds
  }

  /// A process's name, and whether it is a Python interpreter.
  func facts(of process: Int32) -> (name: String, isPython: Bool) {
    processes[process].map { ($0.stat.name, $0.isPython) } ?? departed[process] ?? ("?", false)
  }

  /// Asks what the tree has moved until now; before its first process is reaped that is still to be known.
  func updateTransfers() {
    guard processes.count <= Self.maxAsked else { return }
    for process in processes.values { process.updateTransfers() }
    let told = processes.values.compactMap(\.transfers)
    guard !told.isEmpty else { return }
    // As for CPU time: parents tell of children that they have reaped, but not of all.
    maxTransfers = Transfers.larger(maxTransfers ?? Transfers(), told.reduce(Transfers(), +))
  }

  /// What was moved since the first look; nil where the kernel tells it of no process of the tree.
  var transfers: Transfers? { maxTransfers }

  /// Of more processes or threads each look would cost too much.
  private static let maxAsked = 256

  /// By thread; empty where there are too many.
  func contextSwitches() -> [Int32: ContextSwitches] {
    let threads = processes.values.flatMap { process in process.threads.map { (process: process.id, thread: $0.id) } }
    guard threads.count <= Self.maxAsked else { return [:] }
    var switches: [Int32: ContextSwitches] = [:]
    for (process, thread) in threads {
      switches[thread] = KernelFile.read("/proc/\(process)/task/\(thread)/status").flatMap(
        ContextSwitches.init(status:))
    }
    return switches
  }

  var threadIDs: [Int32] { processes.values.flatMap { $0.threads.map(\.id) } }

  /// Processes of which a thread is about to run, with their resident memory.
  var runnableProcesses: [(id: Int32, bytes: Int)] {
    processes.values.filter { $0.threads.contains { $0.state == .runnable } }.map {
      ($0.id, $0.stat.residentPages * SystemConstant.pageBytes)
    }
  }
}
