import AdvisorCore
import System

/// A file or folder that could not be read.
struct Unread: Hashable {
  var code: Machine.UnknownLimit.Cause
  var file: String
}

/// Where this process stands in the hierarchies of cgroups.
struct Cgroups {
  enum Place: Equatable {
    /// In no group of the controller, as a file says.
    case none(source: String)
    case unknown(Unread)
    case seen(Cgroup)
  }

  static let path = "/proc/self/cgroup"

  private let files: any FileTree
  private let mounts: [CgroupMount]?
  private let memberships: [Membership]?
  /// Place of each of the memberships.
  private var places: [Place?]

  init(in files: any FileTree) {
    self.files = files
    mounts = CgroupMount.all(in: files)
    memberships = Membership.all(in: files)
    places = Array(repeating: nil, count: memberships?.count ?? 0)
  }

  /// The group whose limits of a controller hold for this process.
  ///
  /// A controller is in one hierarchy alone: in one of version 1, or else in the one of version 2.
  mutating func place(of controller: String) -> Place {
    guard let mounts else { return .unknown(unread(CgroupMount.tablePath)) }
    let isMounted = mounts.contains { $0.mayHold(controller) }
    guard let memberships else {
      return isMounted ? .unknown(unread(Self.path)) : .none(source: CgroupMount.tablePath)
    }
    let index =
      memberships.firstIndex { $0.controllers.contains(controller) } ?? memberships.firstIndex(where: \.isUnified)
    guard let index else {
      let isThere = files.opens(Self.path)
      guard isMounted else { return .none(source: isThere ? Self.path : CgroupMount.tablePath) }
      return .unknown(isThere ? Unread(code: .malformed, file: Self.path) : unread(Self.path))
    }
    if let place = places[index] { return place }
    let place = locate(memberships[index], mounts)
    places[index] = place
    return place
  }

  /// The mount that shows most of the group and those above it; another may be mounted over the first.
  private func locate(_ membership: Membership, _ mounts: [CgroupMount]) -> Place {
    let chains = mounts.filter(membership.isShown).compactMap { mount in
      mount.folder(of: membership.path).map { (mount: mount, paths: Self.ancestors(of: $0, to: mount.point)) }
    }
    guard let first = chains.first else {
      return .unknown(Unread(code: .notMounted, file: CgroupMount.tablePath))
    }
    let seen = chains.compactMap { Cgroup($0.paths, below: $0.mount, in: files) }
    if let best = seen.min(by: { ($0.hidden.count, -$0.folders.count) < ($1.hidden.count, -$1.folders.count) }) {
      return .seen(best)
    }
    // The root has no files that a probe reads, so that a record of a process in it may hold none.
    if !files.isLive, first.paths.count == 1, first.mount.root == "/" { return .none(source: Self.path) }
    return .unknown(Unread(code: files.cause("\(first.paths[0])/cgroup.procs"), file: first.paths[0]))
  }

  private func unread(_ path: String) -> Unread { Unread(code: files.cause(path), file: path) }

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

/// A line `4:memory:/a/b` of `/proc/self/cgroup` (cgroups(7)).
private struct Membership {
  /// None for version 2.
  var controllers: [String]
  var path: String

  var isUnified: Bool { controllers.isEmpty }

  /// Before that file there was only `/proc/self/cpuset`; nil where neither can be read.
  static func all(in files: any FileTree) -> [Membership]? {
    guard let table = files.bytes(Cgroups.path) else {
      return files.text("/proc/self/cpuset").map { [Membership(controllers: ["cpuset"], path: $0)] }
    }
    return KernelText.lines(table).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, fields[2].first == UInt8(ascii: "/") else { return nil }
      let controllers = fields[1].split(separator: UInt8(ascii: ",")).map(KernelText.string)
      return Membership(controllers: controllers, path: KernelText.string(fields[2]))
    }
  }

  func isShown(by mount: CgroupMount) -> Bool {
    isUnified ? mount.controllers == nil : controllers.allSatisfy { mount.controllers?.contains($0) == true }
  }
}
