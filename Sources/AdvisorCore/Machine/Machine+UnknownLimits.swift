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

  /// What is unknown and why, in sentences: one for each file that could not be read.
  public var caveats: [String] {
    var sentences: [String] = []
    var left = unknown
    while let first = left.first {
      let limits = left.filter { $0.code == first.code && $0.file == first.file }.map(\.limit)
      left.removeAll { $0.code == first.code && $0.file == first.file }
      let unknown = limits.filter { !hasNumber($0) }
      let known = limits.filter(hasNumber)
      if !unknown.isEmpty {
        sentences.append("\(Self.subject(unknown)) \(unknown.count > 1 ? "are" : "is") unknown: \(first.reason).")
      }
      if !known.isEmpty { sentences.append("\(Self.subject(known)) may be lower: \(first.reason).") }
    }
    return sentences
  }

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

  /// `The CPU quota, the memory limit and the limit on processes`
  private static func subject(_ limits: [Name]) -> String {
    var text = "The \(limits[0].text)"
    for limit in limits.dropFirst() { text += (limit == limits.last ? " and the " : ", the ") + limit.text }
    return text
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

extension Machine.UnknownLimit {
  fileprivate var reason: String {
    switch code {
    case .missing: "\(file) is missing"
    case .unreadable: "\(file) cannot be read"
    case .malformed: "\(file) is malformed"
    case .notMounted: "no mount in \(file) shows the cgroup of this process"
    case .outOfSight: "the cgroups above \(file) are out of sight"
    }
  }
}
