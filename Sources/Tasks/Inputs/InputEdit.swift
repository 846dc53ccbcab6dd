internal import System

/// What a replacement string of GNU parallel's `--plus` makes of an input (parallel(1), `--plus`).
enum InputEdit: Sendable, Hashable {
  /// `{:-TEXT}`: the text where the input is empty.
  case fallback([UInt8])
  /// `{:START}` and `{:START:COUNT}`: bytes from 0 on.
  case part(start: Int, count: Int?)
  /// `{#RE}` and `{%RE}`: without as little of its start or end as matches; `{##RE}` and `{%%RE}`: as much.
  case withoutStart(EditPattern, isLongest: Bool)
  case withoutEnd(EditPattern, isLongest: Bool)
  /// `{/RE/TEXT}`: the text in place of the first match; `{//RE/TEXT}`: of every one.
  case replaced(EditPattern, by: [UInt8], isEverywhere: Bool)
  /// `{^RE}`, `{^^RE}`, `{,RE}` and `{,,RE}`: what matches in upper or lower case, at the start or everywhere.
  case cased(EditPattern, isUpper: Bool, isEverywhere: Bool)

  /// Reads what stands between the braces behind the number of a column; nil where it is none.
  init?(_ text: Substring) {
    guard let first = text.first else { return nil }
    let isDouble = text.dropFirst().first == first
    let rest = text.dropFirst(isDouble ? 2 : 1)
    switch first {
    case ":" where rest.first == "-": self = .fallback(Array(rest.dropFirst().utf8))
    case ":":
      let numbers = rest.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard let start = numbers[0], start >= 0, numbers.count <= 2, numbers.last != .some(nil) else { return nil }
      self = .part(start: start, count: numbers.count == 2 ? numbers[1] : nil)
    case "#":
      guard let pattern = EditPattern(rest, at: .start) else { return nil }
      self = .withoutStart(pattern, isLongest: isDouble)
    case "%":
      guard let pattern = EditPattern(rest, at: .end) else { return nil }
      self = .withoutEnd(pattern, isLongest: isDouble)
    case "/":
      let texts = rest.split(separator: "/", omittingEmptySubsequences: false)
      guard texts.count == 2, let pattern = EditPattern(texts[0], at: .anywhere) else { return nil }
      self = .replaced(pattern, by: Array(texts[1].utf8), isEverywhere: isDouble)
    case "^", ",":
      guard let pattern = EditPattern(rest, at: isDouble ? .anywhere : .start) else { return nil }
      self = .cased(pattern, isUpper: first == "^", isEverywhere: isDouble)
    default: return nil
    }
  }

  func of(_ input: [UInt8]) -> [UInt8] {
    switch self {
    case .fallback(let text): input.isEmpty ? text : input
    case .part(let start, let count): Array(input.dropFirst(start).prefix(max(0, count ?? .max)))
    case .withoutStart(let pattern, let isLongest): Array(input.dropFirst(pattern.start(of: input, isLongest)))
    case .withoutEnd(let pattern, let isLongest): Array(input.dropLast(pattern.end(of: input, isLongest)))
    case .replaced(let pattern, let text, let isEverywhere): pattern.replaced(in: input, isEverywhere) { _ in text }
    case .cased(let pattern, let isUpper, let isEverywhere):
      pattern.replaced(in: input, isEverywhere) { $0.map { Self.cased($0, isUpper) } }
    }
  }

  private static func cased(_ byte: UInt8, _ isUpper: Bool) -> UInt8 {
    let letters = isUpper ? UInt8(ascii: "a")...UInt8(ascii: "z") : UInt8(ascii: "A")...UInt8(ascii: "Z")
    return letters.contains(byte) ? byte ^ 32 : byte
  }
}

/// A regular expression of an ``InputEdit``, and where in an input it may match.
struct EditPattern: Sendable, Hashable {
  enum Place { case start, end, anywhere }

  private let text: String
  private let expression: RegularExpression
  /// Matches a text from its start to its end.
  private let whole: RegularExpression

  /// Nil where the text is no regular expression.
  init?(_ text: Substring, at place: Place) {
    let pattern = "\(place == .start ? "^" : "")(\(text))\(place == .end ? "$" : "")"
    guard !text.isEmpty, let expression = RegularExpression(pattern), let whole = RegularExpression("^(\(text))$")
    else {
      return nil
    }
    (self.text, self.expression, self.whole) = (pattern, expression, whole)
  }

  static func == (one: EditPattern, other: EditPattern) -> Bool { one.text == other.text }
  func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// Bytes of the start that match, at most or at least.
  func start(of input: [UInt8], _ isLongest: Bool) -> Int {
    count(in: input, isLongest) { Array(input.prefix($0)) }
  }

  /// Bytes of the end that match, at most or at least.
  func end(of input: [UInt8], _ isLongest: Bool) -> Int {
    count(in: input, isLongest) { Array(input.suffix($0)) }
  }

  private func count(in input: [UInt8], _ isLongest: Bool, _ piece: (Int) -> [UInt8]) -> Int {
    // POSIX finds the longest of the matches that start first.
    let longest = expression.firstMatch(in: input, from: 0)?.count ?? 0
    guard !isLongest, longest > 0 else { return longest }
    return (1...longest).first { whole.firstMatch(in: piece($0), from: 0) != nil } ?? longest
  }

  /// The input with something else in place of the first match, or of every one.
  func replaced(in input: [UInt8], _ isEverywhere: Bool, by other: (ArraySlice<UInt8>) -> [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    while let match = expression.firstMatch(in: input, from: start) {
      result += input[start..<match.lowerBound] + other(input[match])
      start = match.upperBound
      if !isEverywhere { break }
    }
    return result + input[start...]
  }
}
