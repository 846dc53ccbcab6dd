import AdvisorCore

/// The logical CPUs that are there, switched on or off.
struct PresentCPUs {
  var online: CPUSet
  var offline: CPUSet

  static let folder = "/sys/devices/system/cpu"

  /// Asks, in this order: the kernel's lists, the flags of the single CPUs (before Linux 2.6.29 there are no lists),
  /// `/proc/cpuinfo`.
  ///
  /// - Returns: nil where none of them names a CPU.
  init?(in files: any FileTree) {
    if let online = files.cpuList("\(Self.folder)/online"), !online.isEmpty {
      // `offline` names what is possible and not online: CPUs that are not there among them. `present` does not.
      let present = files.cpuList("\(Self.folder)/present") ?? Self.folders(in: files)
      self.init(online: online, offline: present.subtracting(online))
    } else if case let present = Self.folders(in: files), !present.isEmpty {
      let online = CPUSet(present.filter { files.integer("\(Self.folder)/cpu\($0)/online") != 0 })
      self.init(online: online, offline: present.subtracting(online))
    } else {
      let listed = CPUInfo(in: files).processors
      guard !listed.isEmpty else { return nil }
      self.init(online: CPUSet(listed.map(\.number)), offline: [])
    }
  }

  init(online: CPUSet, offline: CPUSet) {
    self.online = online
    self.offline = offline
  }

  /// The CPUs among `cpus` that look switched on, whatever the lists say.
  func running(_ cpus: CPUSet, in files: any FileTree) -> CPUSet {
    CPUSet(
      Self.folders(in: files).intersection(cpus).filter { cpu in
        files.integer("\(Self.folder)/cpu\(cpu)/online") == 1
          || files.opens("\(Self.folder)/cpu\(cpu)/topology/thread_siblings")
      })
  }

  private static func folders(in files: any FileTree) -> CPUSet {
    CPUSet((files.numbers(in: folder, after: "cpu") ?? []).filter { $0 <= CPUSet.highestCPU })
  }
}
