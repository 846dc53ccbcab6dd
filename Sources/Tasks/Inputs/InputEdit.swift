/// What a replacement string of GNU parallel's `--plus` makes of an input, by texts as they are.
enum InputEdit: Sendable, Hashable {
  /// `{:-TEXT}`: the text where the input is empty.
  case fallback([UInt8])
  /// `{:START}` and `{:START:COUNT}`: bytes from 0 on.
  case part(start: Int, count: Int?)
  /// `{#TEXT}` and `{%TEXT}`: without that start or end.
  case withoutStart([UInt8])
  case withoutEnd([UInt8])
  /// `{/TEXT/OTHER}`: the other text in place of the first such one.
  case replaced([UInt8], by: [UInt8])
  /// `{^A}`, `{^^A}`, `{,A}` and `{,,A}`: that letter in upper or lower case, at the start or everywhere.
  case cased([UInt8], isUpper: Bool, isEverywhere: Bool)

  /// Reads what stands between the braces behind the number of a column; nil where it is none.
  init?(_ text: Substring) {
    let rest = text.dropFirst()
    let bytes = Array(rest.utf8)
    switch text.first {
    case ":" where rest.first == "-": self = .fallback(Array(bytes.dropFirst()))
    case ":":
      let numbers = rest.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard let start = numbers[0], start >= 0, numbers.count <= 2, numbers.last != .some(nil) else { return nil }
      self = .part(start: start, count: numbers.count == 2 ? numbers[1] : nil)
    case "#" where !bytes.isEmpty: self = .withoutStart(bytes)
    case "%" where !bytes.isEmpty: self = .withoutEnd(bytes)
    case "/":
      let texts = rest.split(separator: "/", omittingEmptySubsequences: false).map { Array($0.utf8) }
      guard texts.count == 2, !texts[0].isEmpty else { return nil }
      self = .replaced(texts[0], by: texts[1])
    case "^", ",":
      let isEverywhere = rest.first == text.first
      let letter = isEverywhere ? Array(bytes.dropFirst()) : bytes
      guard letter.count == 1 else { return nil }
      self = .cased(letter, isUpper: text.first == "^", isEverywhere: isEverywhere)
    default: return nil
    }
  }

  func of(_ input: [UInt8]) -> [UInt8] {
    switch self {
    case .fallback(let text): return input.isEmpty ? text : input
    case .part(let start, let count): return Array(input.dropFirst(start).prefix(max(0, count ?? .max)))
    case .withoutStart(let text): return input.starts(with: text) ? Array(input.dropFirst(text.count)) : input
    case .withoutEnd(let text):
      return input.count >= text.count && input.suffix(text.count).elementsEqual(text)
        ? Array(input.dropLast(text.count)) : input
    case .replaced(let text, let other):
      return input.firstRange(of: text).map { Array(input[..<$0.lowerBound]) + other + input[$0.upperBound...] }
        ?? input
    case .cased(let letter, let isUpper, let isEverywhere):
      let changed = Self.cased(letter[0], isUpper)
      if isEverywhere { return input.map { $0 == letter[0] ? changed : $0 } }
      return input.first == letter[0] ? [changed] + input.dropFirst() : input
    }
  }

  private static func cased(_ byte: UInt8, _ isUpper: Bool) -> UInt8 {
    let letters = isUpper ? UInt8(ascii: "a")...UInt8(ascii: "z") : UInt8(ascii: "A")...UInt8(ascii: "Z")
    return letters.contains(byte) ? byte ^ 32 : byte
  }
}
