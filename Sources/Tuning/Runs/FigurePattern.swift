public import AdvisorCore

/// A regular expression that finds a figure in what a command prints: `([0-9.]+) requests/s`.
public struct FigurePattern: Sendable {
  public let text: String

  /// - Throws: ``AdvisorError`` (usage) where it is no regular expression.
  public init(_ text: String) throws(AdvisorError) {
    do {
      _ = try Regex(text)
    } catch {
      throw AdvisorError(
        .usage, "--measure \(text.quoted) is no regular expression: \(error)",
        advice: "write one whose first group is the number, as in --measure '([0-9.]+) requests/s'")
    }
    self.text = text
  }

  /// The number that the last match holds: in its first group, or in all of it.
  func value(in output: [UInt8]) -> Double? {
    guard let pattern = try? Regex(text) else { return nil }
    let match = String(decoding: output, as: UTF8.self).matches(of: pattern).last
    guard let match else { return nil }
    let found = match.output.count > 1 ? match.output[1].substring : match.output[0].substring
    return found.flatMap { Double($0.filter { $0 != "," && $0 != " " }) }.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }
}
