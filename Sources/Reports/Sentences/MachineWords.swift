import AdvisorCore
import Observation

/// What causes that hold a machine back are called, and their figures, for a table and for sentences.
struct MachineWords {
  let cause: MachineCause

  /// At most 24 characters.
  var name: String {
    switch cause {
    case .cpuQuota: "CPU quota"
    case .cpuset: "cpuset or affinity"
    case .offlineCPUs: "CPUs switched off"
    case .isolatedCPUs: "isolated CPUs"
    case .smtOff: "hardware threads off"
    case .governor(let name, _, let preference, _): preference == nil ? "governor \(name)" : "energy preference"
    case .frequencyCap: "frequency cap"
    case .turboOff: "turbo off"
    case .thermalThrottling: "heat or power limit"
    case .mitigations: "CPU mitigations"
    case .clockSource: "slow clock source"
    case .steal: "stolen CPU time"
    case .otherProcesses: "other processes"
    case .busySiblings: "busy sibling threads"
    case .neighbour: "neighbour on the core"
    case .cpuPressure(_, _, let isOfCgroup): "CPU pressure\(isOfCgroup ? " (cgroup)" : "")"
    case .memoryPressure(_, _, let isOfCgroup): "memory pressure\(isOfCgroup ? " (cgroup)" : "")"
    case .ioPressure(_, _, let isOfCgroup): "IO pressure\(isOfCgroup ? " (cgroup)" : "")"
    case .memoryLow: "little memory left"
    case .swapping: "swapping in"
    case .hugePagesOff: "huge pages off"
    case .nodesWithoutMemory: "nodes without memory"
    case .memoryChannels: "empty memory channels"
    case .openFiles: "limit on open files"
    case .processLimit: "limit on processes"
    case .diskFull: "room in TMPDIR"
    case .filesFull: "files in TMPDIR"
    }
  }

  /// At most 22 characters.
  var figure: String {
    switch cause {
    case .cpuQuota, .cpuset, .offlineCPUs, .isolatedCPUs, .smtOff: shareFigure
    case .governor, .frequencyCap, .turboOff, .thermalThrottling, .mitigations, .clockSource: speedFigure
    case .steal(let share): "\(percent(share)) of busy time"
    case .otherProcesses(let share, _, _): "\(percent(share)) of the CPUs"
    case .busySiblings(_, let share): "\(percent(share)) of the time"
    case .neighbour(let ratio): "\(Quantity.significant(ratio))× at the median"
    case .cpuPressure(let some, let full, _), .memoryPressure(let some, let full, _),
      .ioPressure(let some, let full, _):
      "some \(percent(some))" + (full.map { ", all \(percent($0))" } ?? "")
    default: memoryFigure
    }
  }

  private var shareFigure: String {
    switch cause {
    case .cpuQuota(let cpus, let usable, let throttled, _):
      cpus < usable || throttled == nil
        ? "\(Quantity.significant(cpus)) of \(count(usable, "CPU"))"
        : "throttled \(percent(throttled ?? 0))"
    case .cpuset(let usable, let online, _): "\(usable.count) of \(count(online.count, "CPU"))"
    case .offlineCPUs(let offline, let online): "\(offline.count) of \(count(offline.count + online, "CPU"))"
    case .isolatedCPUs(let isolated, let usable): "\(isolated.count) of \(count(isolated.count + usable, "CPU"))"
    case .smtOff(let control): control
    default: ""
    }
  }

  private var speedFigure: String {
    switch cause {
    case .governor(_, _, let preference, let cpus): preference ?? count(cpus.count, "CPU")
    case .frequencyCap(let hertz, let max, _): "\(Self.gigahertz(hertz)) of \(Self.gigahertz(max)) GHz"
    case .turboOff: "base frequency at most"
    case .thermalThrottling(let events, let share):
      share.map { "\(percent($0)) of the time" } ?? count(events, "slow-down")
    case .mitigations(let names): count(names.count, "that costs time", "that cost time")
    case .clockSource(let name, _): name
    default: ""
    }
  }

  private var memoryFigure: String {
    switch cause {
    case .memoryLow(let available, let limit): "\(bytes(available)) of \(bytes(limit))"
    case .swapping(let inRate, _): "\(Quantity.text(bytes: inRate))/s"
    case .hugePagesOff(let mode): mode
    case .nodesWithoutMemory(let nodes, let all): "\(nodes.count) of \(count(all, "node"))"
    case .memoryChannels(let filled, let channels, _): "\(filled) of \(channels) filled"
    case .openFiles(let limit, _): count(limit, "file")
    case .processLimit(let used, let limit, _): "\(used) of \(limit) used"
    case .diskFull(_, let free, let total): "\(bytes(free)) of \(bytes(total))"
    case .filesFull(_, let free, let total):
      "\(Quantity.text(count: Double(free))) of \(Quantity.text(count: Double(total)))"
    default: ""
    }
  }

  private static func gigahertz(_ hertz: Double) -> String { Quantity.significant(hertz / 1e9) }

  private func bytes(_ bytes: Int) -> String { Quantity.text(bytes: Double(bytes)) }

  private func percent(_ share: Double) -> String { "\(Quantity.decimal(share * 100, places: share < 0.1 ? 1 : 0)) %" }

  /// `at most 25 %`; what has no loss yet may stop all work when it is used up.
  static func text(_ loss: Loss?, of cause: MachineCause) -> String {
    guard let loss else { return MachineWords(cause: cause).runsOut ? "when used up" : "unknown" }
    let (low, high) = (Self.digits(loss.low), Self.digits(loss.high))
    if low == high { return "\(high) %" }
    return low == "0" ? "at most \(high) %" : "\(low)–\(high) %"
  }

  private static func digits(_ share: Double) -> String {
    Quantity.decimal(share * 100, places: share < 0.1 ? 1 : 0)
  }

  private var runsOut: Bool {
    switch cause {
    case .memoryLow, .openFiles, .processLimit, .diskFull, .filesFull: true
    default: false
    }
  }

  /// `CPU quota, 1.5 of 8 CPUs, costs 81 %.`
  func sentence(_ loss: Loss?) -> String {
    let subject = "\(name.capitalisedFirst), \(figure)"
    guard loss != nil else {
      return runsOut ? "\(subject): work fails when it is used up." : "\(subject): loss unknown."
    }
    return "\(subject), costs \(Self.text(loss, of: cause))."
  }
}
