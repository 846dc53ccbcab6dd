public import AdvisorCore
import Probe
import System

/// What a machine did for a while, and how it is set up: all that findings are made from.
public struct MachineReading: Sendable {
  public var machine: Machine
  var before: MachineCounters
  var after: MachineCounters
  var setup: MachineSetup
  /// What no kernel file tells.
  var surroundings: Surroundings

  var seconds: Double { max(1e-3, after.seconds - before.seconds) }
}

extension MachineReading {
  /// What only the running process knows; all nil for a recorded machine.
  public struct Surroundings: Sendable {
    /// This process, whose own tree is not to blame.
    public var processID: Int?
    /// How many times its quiet time known work took at the median.
    public var neighbourRatio: Double?
    /// Seconds of one reading of the clock.
    public var clockReadSeconds: Double?
    /// The most that this process may raise its limit on open files to.
    public var openFilesHardLimit: Int?
    public var temporaryFolder: FolderSpace?
    /// What of these could not be seen.
    public var unseen: [UnseenAspect] = []

    public init(
      processID: Int? = nil, neighbourRatio: Double? = nil, clockReadSeconds: Double? = nil,
      openFilesHardLimit: Int? = nil, temporaryFolder: FolderSpace? = nil
    ) {
      self.processID = processID
      self.neighbourRatio = neighbourRatio
      self.clockReadSeconds = clockReadSeconds
      self.openFilesHardLimit = openFilesHardLimit
      self.temporaryFolder = temporaryFolder
    }
  }

  /// The room where a folder is.
  public struct FolderSpace: Sendable, Hashable {
    public var folder: String
    public var freeBytes: Int
    public var totalBytes: Int
    /// Files that can still be made, and all; nil where there is no such limit.
    public var freeFiles: Int?
    public var totalFiles: Int?

    public init(folder: String, freeBytes: Int, totalBytes: Int, freeFiles: Int? = nil, totalFiles: Int? = nil) {
      self.folder = folder
      self.freeBytes = freeBytes
      self.totalBytes = totalBytes
      self.freeFiles = freeFiles
      self.totalFiles = totalFiles
    }
  }
}

/// Sums since boot, of which two readings make rates.
struct MachineCounters: Sendable {
  /// When, on any clock.
  var seconds: Double
  var cpus: [Int: CPUTime]?
  var processes: [Int: ProcessStat]
  var quotas: [CPUQuota: CPUQuota.Use]
  var throttling: Throttling
  var pressures: [PressureKey: Pressure]
  /// Bytes that were read from and written to swap.
  var swapped: (inBytes: Int, outBytes: Int)?

  struct PressureKey: Hashable, Sendable {
    var resource: Pressure.Resource
    var scope: Pressure.Scope
  }
}

/// How a machine is set up; nil where nothing tells.
struct MachineSetup: Sendable {
  var quotas: [CPUQuota] = []
  var frequencies: [FrequencyPolicy]?
  /// `on`, `off`, `forceoff`, `notsupported`, `notimplemented`.
  var smtControl: String?
  /// What each file of vulnerabilities says, by its name.
  var vulnerabilities: [String: String]?
  /// The clock in use.
  var clockSource: String?
  /// `always`, `madvise` or `never`.
  var hugePages: String?
  var channels: MemoryChannels?
  var memory: MemoryGauge.Reading?
  /// What could not be seen.
  var unseen: [UnseenAspect] = []
}
