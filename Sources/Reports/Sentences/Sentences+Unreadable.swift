public import AdvisorCore

/// What bounds the count for other programs, and limits that could not be read.
extension Sentences {
  public func text(_ warning: CPUCount.Warning) -> String {
    switch warning {
    case .unreadableLimits(let limits, let mayBeLower, let cause, let file):
      "\(unreadable(limits, mayBeLower, cause, file))."
    case .invalidVariable(let name, let value):
      "$\(name) is “\(value)”, which is no number of CPUs: it is not used."
    case .workerTooLarge(let bytes, let usableBytes):
      "One worker needs \(Quantity.text(bytes: bytes)), more than the \(Quantity.text(bytes: usableBytes)) that may be used."
    case .tooManyCPUs(let cpus, let usable):
      "--cpus \(cpus) is more than the \(usable) that may be used at a time."
    }
  }

  /// `The memory limit is unknown: /cg/a/memory.max cannot be read`, without a full stop.
  func unreadable(
    _ limits: [Machine.Limits.Name], _ mayBeLower: Bool, _ cause: Machine.UnknownLimit.Cause, _ file: String
  ) -> String {
    let names = limits.map { "the \(name($0))" }
    let opening = names.dropLast().joined(separator: ", ")
    let subject = opening.isEmpty ? names.joined() : "\(opening) and \(names.suffix(1).joined())"
    let state = mayBeLower ? "may be lower" : limits.count > 1 ? "are unknown" : "is unknown"
    return "\(subject.capitalisedFirst) \(state): \(text(cause, file))"
  }

  private func name(_ limit: Machine.Limits.Name) -> String {
    switch limit {
    case .cpuQuota: "CPU quota"
    case .memoryBytes: "memory limit"
    case .pids: "limit on processes"
    case .openFiles: "limit on open files"
    }
  }

  /// `/cg/a/memory.max cannot be read`
  func text(_ cause: Machine.UnknownLimit.Cause, _ file: String) -> String {
    switch cause {
    case .missing: "\(file) is missing"
    case .unreadable: "\(file) cannot be read"
    case .malformed: "\(file) is malformed"
    case .notMounted: "no mount in \(file) shows the cgroup of this process"
    case .outOfSight: "the cgroups above \(file) are out of sight"
    }
  }
}
