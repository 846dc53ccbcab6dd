extension MachineProfile {
  /// The same costs under the limits that a process has now on files, processes and mappings, which a profile does not
  /// outlast; its quota and its memory stay those of the machine that was measured.
  public func limited(by limits: Machine.Limits) -> MachineProfile {
    var profile = self
    profile.machine.limits.openFiles = limits.openFiles
    profile.machine.limits.pids = limits.pids
    profile.machine.limits.pidsInUse = limits.pidsInUse
    profile.machine.limits.mappings = limits.mappings
    profile.machine.limits.unknown = limits.unknown
    for name in ["openFiles", "pids", "mappings"] {
      profile.machine.limits.sources[name] = limits.sources[name]
    }
    return profile
  }
}
