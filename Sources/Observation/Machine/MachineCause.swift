public import AdvisorCore

/// What holds a machine back: codes with figures, of which Reports makes sentences.
///
/// Figures are in CPUs, bytes, hertz and seconds; a share is 0...1. A file is the one that sets or tells it.
public enum MachineCause: Codable, Sendable, Hashable {
  // What of the CPUs may be used.

  /// A CPU quota of this process's cgroup or of one above it, and how much of their time its tasks were refused meanwhile.
  case cpuQuota(cpus: Double, usable: Double, throttledShare: Double?, file: String)
  /// A cpuset or an affinity mask.
  case cpuset(usable: CPUSet, online: CPUSet, file: String)
  case offlineCPUs(offline: CPUSet, online: Int)
  /// CPUs to which the scheduler moves no task.
  case isolatedCPUs(isolated: CPUSet, usable: Int)
  /// Hardware threads are switched off; the word is that of `smt/control`.
  case smtOff(control: String)

  // How fast they are.

  case governor(name: String, driver: String?, preference: String?, cpus: CPUSet)
  case frequencyCap(hertz: Double, maxHertz: Double, cpus: CPUSet)
  case turboOff(file: String)
  /// Events for heat or power while we looked, and the share of the CPUs' time that they took.
  case thermalThrottling(events: Int, share: Double?)
  /// Mitigations against attacks on the CPU that are not free, by their files' names.
  case mitigations(names: [String])
  /// The kernel's clock, and seconds of one reading.
  case clockSource(name: String, readSeconds: Double?)

  // Who else uses them.

  /// The share of the CPUs' busy time that the hypervisor gave to other guests.
  case steal(share: Double)
  /// The share of the usable CPUs that others' processes used, busiest first; `unnamedShare` of it by none that can be seen.
  case otherProcesses(share: Double, programs: [BusyProgram], unnamedShare: Double)
  /// Hardware threads beside ours that are not for us and are busy.
  case busySiblings(cpus: CPUSet, share: Double)
  /// How many times its quiet time known work took at the median, with something on the same core that no counter shows.
  case neighbour(ratio: Double)
  /// Shares of the time in which some task, and in which all tasks, stood still for want of a CPU: the machine's tasks, or
  /// those of this process's cgroup.
  case cpuPressure(some: Double, full: Double?, ofCgroup: Bool)
  case memoryPressure(some: Double, full: Double?, ofCgroup: Bool)
  case ioPressure(some: Double, full: Double?, ofCgroup: Bool)

  // Memory.

  /// What can be taken before something is swapped or killed.
  case memoryLow(availableBytes: Int, limitBytes: Int)
  case swapping(inBytesPerSecond: Double, outBytesPerSecond: Double)
  case hugePagesOff(mode: String)
  case nodesWithoutMemory(nodes: [Int], count: Int)
  case memoryChannels(filled: Int, channels: Int, file: String)

  // What soon runs out.

  case openFiles(limit: Int, hardLimit: Int?)
  /// Processes and threads.
  case processLimit(used: Int, limit: Int, file: String)
  case diskFull(folder: String, freeBytes: Int, totalBytes: Int)
  case filesFull(folder: String, freeFiles: Int, totalFiles: Int)
}

/// The processes of one name, and the CPUs that they used while we looked.
public struct BusyProgram: Codable, Sendable, Hashable {
  public var name: String
  public var cpus: Double
  /// How many there are that used any.
  public var processes: Int
  /// Numbers of the busiest, at most eight.
  public var ids: [Int]

  public init(name: String, cpus: Double, processes: Int, ids: [Int]) {
    self.name = name
    self.cpus = cpus
    self.processes = processes
    self.ids = ids
  }
}

/// A cause and what it costs; no loss where it costs nothing until something has run out, or where nothing tells.
public struct MachineFinding: Codable, Sendable, Hashable {
  public var cause: MachineCause
  public var loss: Loss?

  public init(_ cause: MachineCause, _ loss: Loss?) {
    self.cause = cause
    self.loss = loss
  }
}

/// What is looked at, as documents name it.
public enum MachineAspect: String, Codable, Sendable, Hashable, CaseIterable {
  case cpuQuota, cpuset, smt, governor, turbo, heat, mitigations, clockSource, load, processes, neighbour
  case cpuPressure, memoryPressure, ioPressure, memory, swap, hugePages, memoryNodes, memoryChannels
  case openFiles, processLimit, temporaryFolder
}

/// An aspect that could not be seen, or not wholly, and the file that would have told.
public struct UnseenAspect: Codable, Sendable, Hashable {
  public var aspect: MachineAspect
  public var cause: Machine.UnknownLimit.Cause
  public var file: String

  public init(_ aspect: MachineAspect, _ cause: Machine.UnknownLimit.Cause, _ file: String) {
    self.aspect = aspect
    self.cause = cause
    self.file = file
  }
}
