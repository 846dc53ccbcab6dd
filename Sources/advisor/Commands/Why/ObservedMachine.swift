import AdvisorCore
import Calibration
import Documents
import Observation
import Probe

/// This machine, as far as what holds a tree back depends on it.
struct ObservedMachine {
  private let machine: Machine

  init() throws(AdvisorError) { machine = try Prober.live.machine() }

  func instruments(keepsSamples: Bool) -> Instruments {
    Instruments(cacheBytes: machine.lastLevelCacheBytes, countsInstructions: true, keepsSamples: keepsSamples)
  }

  /// What this machine has and lets us see, with what its profile says where there is one.
  func setting(
    _ target: String, of profile: TreeProfile, command: [String] = [], process: Int32? = nil, isDenied: Bool
  ) -> Observation.Setting {
    let measured = try? ProfileStore.profileOfThisMachine()
    return Observation.Setting(
      target: target, command: command, process: process, cpus: machine.cpus.online.count,
      gain: measured?.cpuGain ?? machine.cpuGain, memory: measured?.memoryCapacity,
      cacheBytes: machine.lastLevelCacheBytes, countsMemoryMisses: machine.model?.contains("AMD") != true,
      hasPressure: profile.last?.machineStalls != nil || profile.last?.cgroupStalls != nil, isDenied: isDenied,
      seesCgroups: profile.last?.seesCgroups ?? false)
  }
}

extension SampleRecording {
  /// Writes it where it is wanted.
  func write(_ setting: Observation.Setting, to path: String?) throws(AdvisorError) {
    guard let path else { return }
    var recording = self
    recording.setting = setting
    try JSONDocument.write(recording, to: path)
  }
}
