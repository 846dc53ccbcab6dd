import AdvisorCore
@testable import Tasks

/// Commands with replacement strings, and inputs put into them. A shell must see each input as one word.
enum Inputs {
  /// The parts between null bytes: the command's words, of which the last is an input.
  static func feed(_ input: [UInt8]) {
    let parts = input.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    guard let value = parts.last else { return }
    for form in [CommandTemplate.Form.words, .shell] {
      guard let template = try? CommandTemplate(parts.dropLast(), columns: ["name"], form: form) else { continue }
      _ = template.arguments(for: [value, value], sequence: 1, slot: 1)
      _ = template.bytes(of: value)
    }
    precondition(unquoted(ShellQuoting.literal(value)) == value, "quoting changes the input, or leaves a way out")
  }

  /// What a POSIX shell makes of one word of plain characters, '…' and \c (XCU 2.2); nil where it would see more than a word.
  private static func unquoted(_ word: [UInt8]) -> [UInt8]? {
    let special = Set("|&;<>()$`\"*?[#~=% \t\n{}!".utf8)
    var result: [UInt8] = []
    var rest = word[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "'"):
        guard let end = rest.firstIndex(of: byte) else { return nil }
        result += rest[..<end]
        rest = rest[(end + 1)...]
      case UInt8(ascii: "\\"):
        guard let next = rest.popFirst() else { return nil }
        result.append(next)
      default:
        guard !special.contains(byte) else { return nil }
        result.append(byte)
      }
    }
    return result
  }
}
