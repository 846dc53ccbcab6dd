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
    let kept = RuntimeSettings.Variable(name: name, value: user, kind: purpose, setByUser: true)
    let joined: String
    switch joining {
    case .none: return force ? .init(name: name, value: own, kind: purpose, setByUser: false) : kept
    case .appended(let separator, let marks):
      let words = user.split { $0.isWhitespace || separator.contains($0) }
      if !force, words.contains(where: { word in marks.contains { word.hasPrefix($0) } }) { return kept }
      joined = user + separator + own
    case .option(let marks, let flags):
      let options = user.split(whereSeparator: \.isWhitespace).prefix { $0 != "--" }
      if !force, Self.isSet(marks, flags, in: options) { return kept }
      // What follows `--` are no options.
      let end = options.last?.endIndex
      joined = end.map { "\(user[..<$0]) \(own)\(user[$0...])" } ?? "\(own) \(user)"
    }
    // Where bytes that are no UTF-8 have been replaced on the way here, the whole is the user's no more.
    return user.contains("\u{FFFD}") ? kept : .init(name: name, value: joined, kind: purpose, setByUser: false)
  }

  private static func isSet(_ marks: [String], _ flags: String, in options: ArraySlice<Substring>) -> Bool {
    options.enumerated().contains { index, option in
      // make takes letters without a dash, too, if they come first.
      let word = index == 0 && !option.hasPrefix("-") && !option.contains("=") ? "-\(option)" : String(option)
      let last = word.hasPrefix("-") ? "-\(word.dropFirst().drop { flags.contains($0) })" : word
      return marks.contains { word.hasPrefix($0) || last.hasPrefix($0) }
    }
  }
}
