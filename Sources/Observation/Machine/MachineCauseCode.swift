/// What can hold a machine back, as documents name it and as people say what they accept.
public enum MachineCauseCode: String, Codable, Sendable, Hashable, CaseIterable {
  case cpuQuota, cpuset, offlineCPUs, isolatedCPUs, smtOff, governor, frequencyCap, turboOff
  case thermalThrottling, mitigations, clockSource, steal, otherProcesses, busySiblings, neighbour
  case cpuPressure, memoryPressure, ioPressure, memoryLow, swapping, hugePagesOff, nodesWithoutMemory
  case memoryChannels, openFiles, processLimit, diskFull, filesFull
}

extension MachineCause {
  /// The code in documents.
  public var code: MachineCauseCode {
    switch self {
    case .cpuQuota: .cpuQuota
    case .cpuset: .cpuset
    case .offlineCPUs: .offlineCPUs
    case .isolatedCPUs: .isolatedCPUs
    case .smtOff: .smtOff
    case .governor: .governor
    case .frequencyCap: .frequencyCap
    case .turboOff: .turboOff
    case .thermalThrottling: .thermalThrottling
    case .mitigations: .mitigations
    case .clockSource: .clockSource
    case .steal: .steal
    case .otherProcesses: .otherProcesses
    case .busySiblings: .busySiblings
    case .neighbour: .neighbour
    case .cpuPressure: .cpuPressure
    case .memoryPressure: .memoryPressure
    case .ioPressure: .ioPressure
    case .memoryLow: .memoryLow
    case .swapping: .swapping
    case .hugePagesOff: .hugePagesOff
    case .nodesWithoutMemory: .nodesWithoutMemory
    case .memoryChannels: .memoryChannels
    case .openFiles: .openFiles
    case .processLimit: .processLimit
    case .diskFull: .diskFull
    case .filesFull: .filesFull
    }
  }
}
