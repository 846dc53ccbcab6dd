/// A cgroup of this process: its folder and those of the groups above it, as far as they can be seen.
struct Cgroup: Equatable {
  /// nil for version 2.
  var controllers: [String]?
  /// The process's own first, the mount point last.
  var folders: [String]

  var isUnified: Bool { controllers == nil }

  /// The cgroups that this process is in, one a hierarchy.
  static func all(in files: any FileTree, warnings: inout [String]) -> [Cgroup] {
    guard let mounts = CgroupMount.all(in: files) else {
      warnings.append("Limits by cgroups are unknown: /proc/self/mountinfo is missing.")
      return []
    }
    return memberships(in: files).compactMap { controllers, path -> Cgroup? in
      let mounts = mounts.filter { mount in
        controllers.isEmpty
          ? mount.controllers == nil : controllers.allSatisfy { mount.controllers?.contains($0) == true }
      }
      guard !mounts.isEmpty else { return nil }
      for mount in mounts {
        guard let folder = mount.folder(of: path) else { continue }
        return Cgroup(controllers: mount.controllers, folders: ancestors(of: folder, to: mount.point))
      }
      let name = controllers.isEmpty ? "version 2" : controllers.joined(separator: ",")
      warnings.append("Limits by the cgroup \(path) (\(name)) are unknown: it lies outside \(mounts[0].point).")
      return nil
    }
  }

  /// The lines `4:memory:/a/b` of `/proc/self/cgroup` (cgroups(7)); before it there was only `/proc/self/cpuset`.
  private static func memberships(in files: any FileTree) -> [(controllers: [String], path: String)] {
    guard let table = files.bytes("/proc/self/cgroup") else {
      return files.text("/proc/self/cpuset").map { [(["cpuset"], $0)] } ?? []
    }
    return KernelText.lines(table).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, fields[2].first == UInt8(ascii: "/") else { return nil }
      return (fields[1].split(separator: UInt8(ascii: ",")).map(KernelText.string), KernelText.string(fields[2]))
    }
  }

  private static func ancestors(of folder: String, to mountPoint: String) -> [String] {
    var folders = [folder]
    var current = folder
    while current.utf8.count > mountPoint.utf8.count, let slash = current.lastIndex(of: "/") {
      current = String(current[..<slash])
      folders.append(current)
    }
    return folders
  }
}
