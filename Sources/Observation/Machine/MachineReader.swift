public import AdvisorCore
public import Probe
import System

/// Reads what a machine does and how it is set up: twice, with a while between.
public struct MachineReader {
  private let files: any FileTree
  private let machine: Machine
  private let setup: MachineSetup
  private let pressures: [(key: MachineCounters.PressureKey, file: String)]
  private let before: MachineCounters

  /// Takes the first reading.
  ///
  /// - Parameter seconds: now, on any clock.
  /// - Throws: `AdvisorError` where no CPU can be found.
  public init(_ files: any FileTree, at seconds: Double) throws(AdvisorError) {
    self.files = files
    machine = try Prober(files: files).machine()
    var reader = SetupReader(files, machine)
    pressures = reader.pressures()
    setup = reader.setup()
    before = Self.counters(machine, setup, pressures, files, at: seconds)
  }

  /// Takes the second reading.
  ///
  /// - Parameters:
  ///   - files: another tree for a recorded machine; nil for the same.
  ///   - seconds: now, on the clock of the first.
  public func reading(
    _ files: (any FileTree)? = nil, at seconds: Double, _ surroundings: MachineReading.Surroundings
  ) -> MachineReading {
    MachineReading(
      machine: machine, before: before,
      after: Self.counters(machine, setup, pressures, files ?? self.files, at: seconds), setup: setup,
      surroundings: surroundings)
  }

  private static func counters(
    _ machine: Machine, _ setup: MachineSetup, _ pressures: [(key: MachineCounters.PressureKey, file: String)],
    _ files: any FileTree, at seconds: Double
  ) -> MachineCounters {
    var counters = MachineCounters(
      seconds: seconds, cpus: CPUTime.all(in: files), processes: ProcessStat.all(in: files), quotas: [:],
      throttling: Throttling.reading(of: machine, in: files), pressures: [:], swapped: swapped(files))
    for quota in setup.quotas { counters.quotas[quota] = quota.use(in: files) }
    for (key, file) in pressures { counters.pressures[key] = Pressure.reading(file, in: files) }
    return counters
  }

  private static func swapped(_ files: any FileTree) -> (inBytes: Int, outBytes: Int)? {
    guard let pages = files.bytes(SetupReader.virtualMemory).flatMap(SurroundingsReader.swappedPages) else {
      return nil
    }
    let page = files.isLive ? SystemConstant.pageBytes : 4096
    return (pages.read &* page, pages.written &* page)
  }
}

/// Reads the setup, and notes what could not be seen.
struct SetupReader {
  static let virtualMemory = "/proc/vmstat"

  private let files: any FileTree
  private let machine: Machine
  private var unseen: [UnseenAspect] = []

  init(_ files: any FileTree, _ machine: Machine) {
    self.files = files
    self.machine = machine
  }

  mutating func setup() -> MachineSetup {
    var setup = MachineSetup(
      quotas: CPUQuota.all(in: files), frequencies: FrequencyPolicy.all(in: files),
      smtControl: word(.smt, "/sys/devices/system/cpu/smt/control"), vulnerabilities: vulnerabilities(),
      clockSource: word(.clockSource, "/sys/devices/system/clocksource/clocksource0/current_clocksource"),
      hugePages: hugePages(), channels: MemoryChannels(in: files), memory: MemoryGauge(files: files).reading())
    if setup.frequencies == nil { note(.governor, "\(FrequencyPolicy.folder)/policy0/scaling_governor") }
    noteCounters()
    if machine.isVirtual == true { setup.channels = nil }
    if setup.channels == nil { note(.memoryChannels, MemoryChannels.firmware) }
    if setup.memory == nil { note(.memory, "/proc/meminfo") }
    noteLimits()
    setup.unseen = unseen
    return setup
  }

  /// The files of pressure that there are.
  mutating func pressures() -> [(key: MachineCounters.PressureKey, file: String)] {
    var found: [(key: MachineCounters.PressureKey, file: String)] = []
    for (resource, aspect) in [
      (Pressure.Resource.cpu, MachineAspect.cpuPressure), (.memory, .memoryPressure), (.io, .ioPressure),
    ] {
      for scope in Pressure.Scope.allCases {
        guard let file = Pressure.file(resource, of: scope, in: files) else { continue }
        if Pressure.reading(file, in: files) != nil {
          found.append((.init(resource: resource, scope: scope), file))
        } else if scope == .machine {
          note(aspect, file)
        }
      }
    }
    return found
  }

  /// `always [madvise] never`: the word in brackets holds.
  private mutating func hugePages() -> String? {
    let path = "/sys/kernel/mm/transparent_hugepage/enabled"
    let words = files.text(path)?.split(separator: " ") ?? []
    guard let mode = words.first(where: { $0.hasPrefix("[") && $0.hasSuffix("]") }) else {
      note(.hugePages, path)
      return nil
    }
    return String(mode.dropFirst().dropLast())
  }

  private mutating func vulnerabilities() -> [String: String]? {
    let folder = "/sys/devices/system/cpu/vulnerabilities"
    let names = files.list(folder) ?? []
    let texts = names.compactMap { name in files.text("\(folder)/\(name)").map { (name, $0) } }
    if texts.isEmpty { note(.mitigations, folder) }
    return texts.isEmpty ? nil : Dictionary(texts, uniquingKeysWith: { first, _ in first })
  }

  private mutating func word(_ aspect: MachineAspect, _ path: String) -> String? {
    if let text = files.text(path), !text.isEmpty { return text }
    note(aspect, path)
    return nil
  }

  private mutating func noteCounters() {
    let throttling = Throttling.reading(of: machine, in: files)
    let cpu = "/sys/devices/system/cpu"
    if throttling.hasTurbo == nil { note(.turbo, "\(cpu)/cpufreq/boost") }
    if throttling.thermalEvents == nil { note(.heat, "\(cpu)/cpu0/thermal_throttle/core_throttle_count") }
    if CPUTime.all(in: files) == nil { note(.load, CPUTime.path) }
    // Every namespace has a first process, which anyone sees but where `hidepid` hides others' (proc(5)).
    if files.read("/proc/1/stat", limit: 1024) == nil { note(.processes, "/proc/1/stat") }
    if files.bytes(Self.virtualMemory).flatMap({ KernelText.figure(after: "pswpin ", in: $0) }) == nil {
      note(.swap, Self.virtualMemory)
    }
    let nodes = "/sys/devices/system/node"
    if files.list(nodes) == nil || machine.numa.contains(where: { $0.memoryBytes == nil }) { note(.memoryNodes, nodes) }
  }

  private mutating func noteLimits() {
    for unknown in machine.limits.unknown {
      let aspect: MachineAspect =
        switch unknown.limit {
        case .cpuQuota: .cpuQuota
        case .memoryBytes: .memory
        case .pids: .processLimit
        case .openFiles: .openFiles
        }
      unseen.append(UnseenAspect(aspect, unknown.code, unknown.file))
    }
  }

  private mutating func note(_ aspect: MachineAspect, _ path: String) {
    let isThere = files.read(path, limit: 0) != nil || files.list(path) != nil
    unseen.append(UnseenAspect(aspect, isThere ? .malformed : files.cause(path), path))
  }
}
