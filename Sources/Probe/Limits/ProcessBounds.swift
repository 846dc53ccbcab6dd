import System

/// What the cgroups of a running process, and all those above them, leave it.
package struct ProcessBounds: Sendable, Hashable {
  package struct Quota: Sendable, Hashable {
    /// CPUs' worth of time in every period.
    package var cpus: Double
    package var periodSeconds: Double
    /// The file that sets it; `cpu.stat` beside it counts what it costs.
    package var source: String
  }

  package struct Memory: Sendable, Hashable {
    package var bytes: Int
    /// The file that sets it.
    package var source: String
  }

  package var quota: Quota?
  package var memory: Memory?
  /// Folders of the process's own groups, for their pressure files; nil where they cannot be seen.
  package var folder: String?
  package var memoryFolder: String?
  /// Whether its groups can be seen, or it is known to be in none.
  package var isSeen: Bool

  /// - Parameter process: by its number.
  package init(of process: Int32, in files: any FileTree = FolderTree.live) {
    let view = ProcessView(process: process, files: files)
    let limits = CgroupLimits(in: view)
    quota = limits.cpuQuota.tightest.map {
      Quota(cpus: $0.value.cpus, periodSeconds: $0.value.period, source: $0.source)
    }
    memory = limits.memoryBytes.tightest.map { Memory(bytes: $0.value, source: $0.source) }
    var cgroups = Cgroups(in: view)
    isSeen = limits.cpuQuota.source != nil && limits.memoryBytes.source != nil
    folder = Self.folder(cgroups.place(of: "cpu"))
    memoryFolder = Self.folder(cgroups.place(of: "memory"))
  }

  private static func folder(_ place: Cgroups.Place) -> String? {
    if case .seen(let cgroup) = place { cgroup.folders.first?.path } else { nil }
  }
}

/// The files of a machine, with another process in the place of this one where they tell of its groups.
private struct ProcessView: FileTree {
  let process: Int32
  let files: any FileTree

  var isLive: Bool { files.isLive }
  func read(_ path: String, limit: Int) -> [UInt8]? { files.read(own(path), limit: limit) }
  func list(_ path: String) -> [String]? { files.list(own(path)) }
  func lacks(_ path: String) -> Bool { files.lacks(own(path)) }

  /// Its mounts may be others, in which our paths lead nowhere: those stay ours.
  private func own(_ path: String) -> String {
    path == Cgroups.path ? "/proc/\(process)/cgroup" : path
  }
}
