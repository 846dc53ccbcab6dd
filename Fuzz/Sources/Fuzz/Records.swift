@testable import Documents

/// Records of comma-separated values. What was read says the same when it is written out and read again, whatever
/// separates its fields.
enum Records {
  static func feed(_ input: [UInt8]) {
    let records = read(input)
    let header: [[UInt8]] = [[], []]
    for separator in ",;\t".utf8 {
      let text = ([header] + records).map { written($0, separator) }.joined()
      precondition(read(Array(text)) == [header] + records, "records read otherwise when they are written out")
    }
  }

  private static func read(_ input: [UInt8]) -> [[[UInt8]]] {
    var records = CSVRecords()
    return input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).compactMap { line in
      guard let fields = records.add(line) else { return nil }
      let bytes = fields.reduce(0) { $0 + $1.count }
      precondition(bytes <= records.count, "a record of more bytes than its lines have")
      return fields
    }
  }

  /// Every field in quotes, those in it doubled (RFC 4180, section 2).
  private static func written(_ fields: [[UInt8]], _ separator: UInt8) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    let quoted = fields.map { [quote] + $0.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote] }
    return Array(quoted.joined(separator: [separator])) + [UInt8(ascii: "\n")]
  }
}
