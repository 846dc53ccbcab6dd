private import System

/// Time in which tasks stood still for want of something, since boot (Documentation/accounting/psi.rst).
public struct Pressure: Sendable, Hashable {
  public enum Resource: String, Codable, Sendable, CaseIterable { case cpu, memory, io }

  /// Whose tasks: the machine's, or those of this process's cgroup and below.
  public enum Scope: String, Codable, Sendable, CaseIterable { case machine, cgroup }

  /// Seconds in which some task stood still.
  public var some: Double
  /// Seconds in which all tasks that had work did; nil where the kernel does not say, as for CPUs before Linux 5.13.
  public var full: Double?

  /// The file that tells of a resource.
  ///
  /// - Returns: nil for a cgroup where the process is in none of version 2 but the root.
  public static func file(_ resource: Resource, of scope: Scope, in files: any FileTree = FolderTree.live) -> String? {
    guard scope == .cgroup else { return "/proc/pressure/\(resource.rawValue)" }
    // What no hierarchy of version 1 has is in that of version 2.
    var cgroups = Cgroups(in: files)
    guard case .seen(let cgroup) = cgroups.place(of: "pressure"), let own = cgroup.folders.first, !own.isRoot else {
      return nil
    }
    return "\(own.path)/\(resource.rawValue).pressure"
  }

  /// - Returns: nil where the file cannot be read, as on kernels without pressure information, or is malformed.
  public static func reading(_ file: String, in files: any FileTree = FolderTree.live) -> Pressure? {
    guard let text = files.read(file, limit: 512), let some = KernelText.stalledMicroseconds("some", in: text) else {
      return nil
    }
    let full = KernelText.stalledMicroseconds("full", in: text)
    return Pressure(some: Double(some) / 1e6, full: full.map { Double($0) / 1e6 })
  }
}
