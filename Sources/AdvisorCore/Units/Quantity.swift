/// A number with its unit, as people type it: `1e6`, `2k`, `512MiB`, `300ms`.
///
/// Numbers are decimal with an optional exponent, `.5` among them; `_` may separate digits. Every reader returns nil for anything that
/// is not a finite, non-negative quantity of its dimension, so that callers can say where it stood.
public enum Quantity {
  /// Reads a count: `8`, `1_000_000`, `1e6`, `2k`, `1.5M`.
  public static func count(_ text: some StringProtocol) -> Double? {
    parse(text, suffixes: ["": 1, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9])
  }

  /// Reads bytes: `64KiB`, `4MB`, `512MiB`, `1.5GiB`, `300B`, `4096`.
  public static func bytes(_ text: some StringProtocol) -> Double? {
    parse(text, suffixes: byteSuffixes)
  }

  /// Reads a duration, in seconds: `50ms`, `1.5s`, `2h`, `1h30m`, `2 min 5 s`. The unit is required: a bare number would
  /// be a guess. Of several parts each is smaller than the one before it.
  public static func seconds(_ text: some StringProtocol) -> Double? {
    var rest = Substring(text)
    var (sum, unit) = (0.0, Double.infinity)
    repeat {
      let (digits, suffix) = splitNumber(rest)
      let word = suffix.drop { $0 == " " }.prefix { !$0.isNumber && $0 != " " }
      guard let scale = timeSuffixes[String(word)], scale < unit, let number = number(digits) else { return nil }
      (sum, unit) = (sum + number * scale, scale)
      let next = rest[word.endIndex...].drop { $0 == " " }
      guard !next.isEmpty || word.endIndex == rest.endIndex else { return nil }
      rest = next
    } while !rest.isEmpty
    return sum.isFinite ? sum : nil
  }

  private static let byteSuffixes: [String: Double] = [
    "": 1, "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
    "KiB": 0x1p10, "MiB": 0x1p20, "GiB": 0x1p30, "TiB": 0x1p40,
  ]

  /// Seconds of a Julian year.
  static let year = 31_557_600.0

  static let timeSuffixes: [String: Double] = [
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "sec": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "minute": 60, "minutes": 60, "h": 3600, "hour": 3600, "hours": 3600,
    "d": 86_400, "day": 86_400, "days": 86_400, "year": year, "years": year,
  ]

  private static func parse(_ text: some StringProtocol, suffixes: [String: Double]) -> Double? {
    let (digits, suffix) = splitNumber(text)
    guard let scale = suffixes[String(suffix)], let number = number(digits) else { return nil }
    let value = number * scale
    return value.isFinite ? value : nil
  }

  private static func number(_ digits: Substring) -> Double? {
    isNumber(digits) ? Double(digits.filter { $0 != "_" }) : nil
  }

  /// Splits `1.5e3ms` into `1.5e3` and `ms`; an `e` belongs to the number only where a digit or a sign follows it.
  static func splitNumber(_ text: some StringProtocol) -> (number: Substring, suffix: Substring) {
    let text = Substring(text)
    var end = text.startIndex
    while end < text.endIndex {
      let character = text[end]
      let next = text.index(after: end)
      if character == "e" || character == "E" {
        guard next < text.endIndex, isDigit(text[next]) || "+-".contains(text[next]) else { break }
        end = text.index(after: next)
      } else if isDigit(character) || character == "." || character == "_" {
        end = next
      } else {
        break
      }
    }
    return (text[..<end], text[end...])
  }

  /// Whether the text is a number in our notation: it starts with a digit, or a point before one, and each `_` stands
  /// between two digits.
  private static func isNumber(_ text: Substring) -> Bool {
    guard let first = text.first(where: { $0 != "." }), isDigit(first) else { return false }
    let characters = Array(text)
    return characters.indices.allSatisfy { index in
      characters[index] != "_"
        || (isDigit(characters[index - 1]) && index + 1 < characters.count && isDigit(characters[index + 1]))
    }
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
}
