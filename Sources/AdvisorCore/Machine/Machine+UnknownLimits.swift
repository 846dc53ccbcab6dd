extension Machine {
  /// A place that may set a limit, or a tighter one than is known, and that could not be read.
  public struct UnknownLimit: Codable, Sendable, Hashable {
    public enum Cause: String, Codable, Sendable {
      /// The file, or the cgroup's folder, is not there.
      case missing
      /// It is there, or may be, and the kernel does not let this process read it.
      case unreadable
      /// What it holds is nothing that a kernel writes.
      case malformed
      /// No mount shows the cgroup that this process is in; the file is the table of mounts.
      case notMounted
      /// There are cgroups above the folder, which a mount or a namespace hides.
      case outOfSight
    }

    public var limit: Limits.Name
    public var code: Cause
    public var file: String

    public init(_ limit: Limits.Name, _ code: Cause, _ file: String) {
      self.limit = limit
      self.code = code
      self.file = file
    }
  }
}

extension Machine.Limits {
  /// Whether nothing is known of a limit: neither a number nor that there is none.
  public func isUnknown(_ name: Name) -> Bool { !hasNumber(name) && isIncomplete(name) }

  /// Whether something that may set the limit could not be read.
  public func isIncomplete(_ name: Name) -> Bool { unknown.contains { $0.limit == name } }

  /// Limits that one file would have told.
  public struct Unreadable: Sendable, Hashable {
    public var limits: [Name]
    /// Whether another file says how large they are at most.
    public var mayBeLower: Bool
    public var cause: Machine.UnknownLimit.Cause
    public var file: String

    public init(_ limits: [Name], mayBeLower: Bool, _ cause: Machine.UnknownLimit.Cause, _ file: String) {
      self.limits = limits
      self.mayBeLower = mayBeLower
      self.cause = cause
      self.file = file
    }

    /// `The memory limit is unknown: /cg/a/memory.max cannot be read`, without a full stop.
    public var text: String {
      let state = mayBeLower ? "may be lower" : limits.count > 1 ? "are unknown" : "is unknown"
      return "\(subject) \(state): \(cause.text(file))"
    }

    /// `The CPU quota, the memory limit and the limit on processes`
    private var subject: String {
      let names = limits.map { "the \($0.text)" }
      let opening = names.dropLast().joined(separator: ", ")
      let text = opening.isEmpty ? names.joined() : "\(opening) and \(names.suffix(1).joined())"
      return text.prefix(1).uppercased() + text.dropFirst()
    }
  }

  /// What is unknown and why, by the files that could not be read.
  public var unreadable: [Unreadable] {
    var found: [Unreadable] = []
    var left = unknown
    while let first = left.first {
      let limits = left.filter { $0.code == first.code && $0.file == first.file }.map(\.limit)
      left.removeAll { $0.code == first.code && $0.file == first.file }
      found += [
        Unreadable(limits.filter { !hasNumber($0) }, mayBeLower: false, first.code, first.file),
        Unreadable(limits.filter(hasNumber), mayBeLower: true, first.code, first.file),
      ].filter { !$0.limits.isEmpty }
    }
    return found
  }

  /// The same in sentences.
  public var caveats: [String] { unreadable.map { "\($0.text)." } }

  /// Drops what is said of a limit for which another is imagined.
  public mutating func forget(_ name: Name) {
    sources[name.rawValue] = nil
    unknown.removeAll { $0.limit == name }
  }

  private func hasNumber(_ name: Name) -> Bool {
    switch name {
    case .cpuQuota: cpuQuota != nil
    case .memoryBytes: memoryBytes != nil
    case .pids: pids != nil
    case .openFiles: openFiles != nil
    }
  }
}

extension Machine.Limits.Name {
  fileprivate var text: String {
    switch self {
    case .cpuQuota: "CPU quota"
    case .memoryBytes: "memory limit"
    case .pids: "limit on processes"
    case .openFiles: "limit on open files"
    }
  }
}

extension Machine.UnknownLimit.Cause {
  /// `/cg/a/memory.max cannot be read`
  public func text(_ file: String) -> String {
    switch self {
    case .missing: "\(file) is missing"
    case .unreadable: "\(file) cannot be read"
    case .malformed: "\(file) is malformed"
    case .notMounted: "no mount in \(file) shows the cgroup of this process"
    case .outOfSight: "the cgroups above \(file) are out of sight"
    }
  }
}
