import FoundationEssentials
import Glibc
import Testing

@testable import Probe

/// A cgroup of the running kernel with another one in it, and a process that sleeps in the inner one.
final class LiveCgroup {
  /// Where version 1 has its controllers, by name; where version 2 is mounted, if it has them.
  private static let legacy: [String: String] = {
    var points: [String: String] = [:]
    for mount in CgroupMount.all(in: FolderTree.live) ?? [] {
      for controller in mount.controllers ?? [] where mount.root == "/" { points[controller] = mount.point }
    }
    return points
  }()
  private static let unified = (CgroupMount.all(in: FolderTree.live) ?? []).first { mount in
    mount.controllers == nil && mount.root == "/"
      && (FolderTree.live.text("\(mount.point)/cgroup.subtree_control") ?? "").contains("cpuset")
  }?.point

  /// Whether groups with these controllers can be made here: as root, where they are mounted writable.
  static func isAllowed(_ controllers: String...) -> Bool {
    guard getuid() == 0 else { return false }
    return controllers.allSatisfy { controller in
      (legacy[controller] ?? unified).map { access($0, W_OK) == 0 } ?? false
    }
  }

  let isUnified: Bool
  /// The outer group, by controller.
  let outer: [String: String]
  private var sleeper: pid_t = 0

  init(_ controllers: String...) throws {
    let name = "advisor-test-\(UUID().uuidString)"
    isUnified = Self.legacy[controllers[0]] == nil
    outer = Dictionary(
      uniqueKeysWithValues: try controllers.map {
        ($0, "\(try #require(Self.legacy[$0] ?? Self.unified))/\(name)")
      })
    for folder in Set(outer.values) {
      try FileManager.default.createDirectory(atPath: "\(folder)/inner", withIntermediateDirectories: true)
      if isUnified { try write("+cpu +cpuset +memory", to: "\(folder)/cgroup.subtree_control") }
    }
    if let cpuset = outer["cpuset"], !isUnified {
      for folder in [cpuset, "\(cpuset)/inner"] {
        try write("0-\(max(0, ProcessInfo.processInfo.processorCount - 1))", to: "\(folder)/cpuset.cpus")
        try write("0", to: "\(folder)/cpuset.mems")
      }
    }
  }

  /// The machine as the process in the inner group sees it.
  func files() throws -> ProcessFiles {
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("60"), nil]
    defer { arguments.forEach { free($0) } }
    try #require(posix_spawnp(&sleeper, "sleep", nil, nil, &arguments, environ) == 0)
    for folder in Set(outer.values) { try write("\(sleeper)", to: "\(folder)/inner/cgroup.procs") }
    return ProcessFiles(process: sleeper)
  }

  func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"), "cannot open \(path)")
    let count = fputs(text, file)
    try #require(fclose(file) == 0 && count >= 0, "cannot write \(text) to \(path)")
  }

  deinit {
    if sleeper > 0 {
      kill(sleeper, SIGKILL)
      waitpid(sleeper, nil, 0)
    }
    for folder in Set(outer.values) {
      rmdir("\(folder)/inner")
      rmdir(folder)
    }
  }
}

/// This machine as another process sees it.
struct ProcessFiles: FileTree {
  let process: Int32
  let isLive = true

  func read(_ path: String, limit: Int) -> [UInt8]? { FolderTree.live.read(seen(path), limit: limit) }
  func list(_ path: String) -> [String]? { FolderTree.live.list(seen(path)) }

  private func seen(_ path: String) -> String {
    path.hasPrefix("/proc/self/") ? "/proc/\(process)/" + path.dropFirst("/proc/self/".count) : path
  }
}
