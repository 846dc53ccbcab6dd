public import AdvisorCore

/// What to set, so that programs see the right number of CPUs (`advisor.env/1`).
public struct RuntimeSettings: Codable, Sendable, Hashable {
  public static let schema = "advisor.env/1"

  /// One variable and what becomes of it.
  public struct Variable: Codable, Sendable, Hashable {
    public var name: String
    /// The value that it has afterwards.
    public var value: String
    public var kind: CPUCount.Purpose
    /// Whether the user has set it, so that it stays.
    public var setByUser: Bool
  }

  public var schema = Self.schema
  public var variables: [Variable]

  /// All variables that are known, in the order in which they are shown.
  public static let table = RuntimeVariable.builds + RuntimeVariable.numerics + RuntimeVariable.languages

  /// - Parameters:
  ///   - only: names of variables, which may be optional ones; nil for all that are no options.
  ///   - force: whether ours replaces what the user has set.
  ///   - environment: the value of a variable; nil where it is unset.
  public init(
    _ choices: CPUCount.Choices, only: Set<String>? = nil, force: Bool = false, environment: (String) -> String?
  ) {
    // make hands out its slots to the programs it starts: a number of their own would take more than it gave.
    let isInMake = environment("MAKEFLAGS").map { Self.hasJobServer($0) } ?? false
    variables = Self.table.compactMap { row in
      if let only { guard only.contains(row.name) else { return nil } } else if row.isOptional { return nil }
      if isInMake, row.yieldsToMake { return nil }
      return row.setting(choices, over: environment(row.name), force: force)
    }
  }

  /// What changes: those that the user has not set.
  public var changes: [Variable] { variables.filter { !$0.setByUser } }

  /// `--jobserver-auth=3,4` since GNU make 4.2, `--jobserver-fds` before it; inside, `-j` alone stands beside it.
  private static func hasJobServer(_ flags: String) -> Bool {
    flags.split(separator: " ").contains { $0.hasPrefix("--jobserver-auth") || $0.hasPrefix("--jobserver-fds") }
  }
}

extension RuntimeVariable {
  func setting(_ choices: CPUCount.Choices, over user: String?, force: Bool) -> RuntimeSettings.Variable {
    let own = value(choices)
    guard let user, !user.isEmpty else { return .init(name: name, value: own, kind: purpose, setByUser: false) }
    guard case .appended(let separator, let marks) = joining else {
      return .init(name: name, value: force ? own : user, kind: purpose, setByUser: !force)
    }
    let isSet = user.split(separator: separator).contains { word in marks.contains { word.hasPrefix($0) } }
    guard !isSet || force else { return .init(name: name, value: user, kind: purpose, setByUser: true) }
    return .init(name: name, value: "\(user)\(separator)\(own)", kind: purpose, setByUser: false)
  }
}
