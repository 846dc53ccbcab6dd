public import AdvisorCore

/// A number or a word inside a command that is to be found: `{n}`.
public struct Knob: Sendable, Hashable {
  public enum Values: Sendable, Hashable {
    /// What the machine suggests.
    case any
    /// Numbers of workers or threads, of which the larger may be tried or not.
    case range(ClosedRange<Int>)
    /// Values that tell nothing about one another, in the order in which they are preferred.
    case list([String])
  }

  public var name: String
  public var values: Values
  /// These names count workers or threads, so that a list of numbers is one of those.
  public static let counting = ["n", "workers", "threads", "jobs"]

  public init(name: String, values: Values = .any) {
    self.name = name
    self.values = values
  }

  /// Reads `n=1..16` or `level=1,3,6,9`.
  ///
  /// - Throws: ``AdvisorError`` (usage) that shows both.
  public init(_ text: String) throws(AdvisorError) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let values = Values(parts[1]), Self.isName(parts[0]) else {
      throw AdvisorError(
        .usage, "--knob \(text.printable): no name with its values",
        advice: "give a range or a list, as in --knob n=1..16 or --knob level=1,3,6,9")
    }
    self.init(name: parts[0], values: values)
  }

  private static func isName(_ text: String) -> Bool {
    text.first?.isLetter == true && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
  }

  /// Whether a command has a place that may be a knob's: `{n}`, `{level}`; `{}` and `{.}` of `run` are none.
  public static func hasPlace(in words: [[UInt8]]) -> Bool {
    words.contains { word in
      let pieces = word.split(separator: UInt8(ascii: "{"), omittingEmptySubsequences: false).dropFirst()
      return pieces.contains { piece in
        piece.firstIndex(of: UInt8(ascii: "}")).map { isName(String(decoding: piece[..<$0], as: UTF8.self)) } ?? false
      }
    }
  }

  /// Numbers of workers or threads that it may have; nil for a list of anything else, an empty set for any number.
  func counts(cpus: Int) -> Set<Int>? {
    switch values {
    case .any: []
    case .range(let range): Set(WorkerGrid.counts(cpus: cpus, in: range))
    case .list(let values):
      Self.counting.contains(name) ? Self.numbers(values).map { Set($0) } : nil
    }
  }

  private static func numbers(_ values: [String]) -> [Int]? {
    let numbers = values.compactMap { Int($0) }.filter { $0 > 0 }
    return numbers.count == values.count ? numbers : nil
  }
}

extension Knob.Values {
  /// More values than these are no list that somebody has typed.
  private static let maxValues = 100

  fileprivate init?(_ text: String) {
    if let range = Self.range(text) {
      self = .range(range)
    } else {
      let values = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard !values.contains(""), Set(values).count == values.count, values.count <= Self.maxValues,
        !text.contains("..")
      else { return nil }
      self = .list(values)
    }
  }

  private static func range(_ text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: ".", omittingEmptySubsequences: false)
    guard ends.count == 3, ends[1].isEmpty, let low = Int(ends[0]), let high = Int(ends[2]), 1 <= low, low <= high,
      high <= 100_000
    else { return nil }
    return low...high
  }
}
