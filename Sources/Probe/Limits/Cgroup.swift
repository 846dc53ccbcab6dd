import System

/// A cgroup of this process, and those above it, as far as they can be seen.
struct Cgroup: Equatable {
  struct Folder: Equatable {
    var path: String
    /// Version 2: the controllers that limit this group, by `cgroup.controllers`; nil where that is not there.
    var controllers: [String]?
    /// Whether it is the root of the whole hierarchy, which nothing limits.
    var isRoot: Bool
  }

  var isUnified: Bool
  /// The process's own folder, seen or not.
  var path: String
  /// The process's own first, the mount point last; those that cannot be seen are left out.
  var folders: [Folder]
  /// Folders that cannot be seen.
  var hidden: [Unread]
  /// The last folder, where a mount or a namespace hides the groups above it.
  var cut: String?
}

extension Cgroup {
  /// The file that says that a controller limits no group here: the list of controllers, or that this is the root.
  var withoutController: String {
    guard let own = folders.first, own.controllers != nil, !own.isRoot else { return Cgroups.path }
    return "\(own.path)/cgroup.controllers"
  }

  /// How a mount shows a cgroup; nil where not one of its groups can be seen.
  init?(_ paths: [String], below mount: CgroupMount, in files: any FileTree) {
    isUnified = mount.controllers == nil
    path = paths[0]
    let marker = isUnified ? "cgroup.controllers" : "cgroup.procs"
    let marks = paths.map { files.bytes("\($0)/\(marker)", whole: mount.controllers == nil) }
    let isSeen = zip(paths, marks).map { path, mark in mark != nil || Self.holdsLimits(path, in: files) }
    guard isSeen.contains(true) else { return nil }
    // A record from before 0.2 holds no marker, and no folder in which there was nothing to read.
    let isWhole = marks.contains { $0 != nil }
    let top = paths[paths.count - 1]
    cut = mount.root != "/" || isWhole && Self.isBelowRoot(top, isUnified, in: files) ? top : nil
    folders = []
    hidden = []
    for (index, path) in paths.enumerated() {
      if isSeen[index] || !isWhole && files.lacks(path) {
        let controllers = isUnified ? marks[index].map { KernelText.words($0[...]).map(KernelText.string) } : nil
        folders.append(Folder(path: path, controllers: controllers, isRoot: path == top && cut == nil))
      } else {
        hidden.append(Unread(code: files.cause("\(path)/\(marker)"), file: path))
      }
    }
  }

  /// Whether a folder holds files that only a cgroup has.
  private static func holdsLimits(_ path: String, in files: any FileTree) -> Bool {
    let prefixes = ["cpu.", "cpuset.", "memory.", "pids.", "cgroup."]
    return files.list(path)?.contains { name in
      name == "tasks" || name == "cpus" || prefixes.contains { name.hasPrefix($0) }
    } ?? false
  }

  /// `cgroup.events` is in every group of version 2 but the root, `release_agent` of version 1 in the root alone.
  private static func isBelowRoot(_ top: String, _ isUnified: Bool, in files: any FileTree) -> Bool {
    isUnified ? files.opens("\(top)/cgroup.events") : !files.opens("\(top)/release_agent")
  }
}

extension FileTree {
  fileprivate func bytes(_ path: String, whole: Bool) -> [UInt8]? {
    read(path, limit: whole ? Self.usualLimit : 0)
  }
}
