public import AdvisorCore
private import FoundationEssentials

/// JSON values, one a line.
public final class JSONInputs: InputStream {
  private let reader: InputReader

  /// No argument of a program, a value may be longer than one; what has no line break for so long is no list of values.
  static let maxBytes = 256 << 20

  public init(_ reader: InputReader) {
    self.reader = reader
    reader.maxInputBytes = Self.maxBytes
  }

  public var columns: Int { 1 }
  public var count: Int? { nil }
  public var descriptor: Int32? { reader.descriptor }

  /// - Throws: ``AdvisorError`` (badData) that names the line which is no JSON.
  public func nextRow() throws(AdvisorError) -> InputRow {
    let row = try reader.nextRow()
    if case .inputs(let inputs) = row, let value = inputs.first, !Self.isJSON(value) {
      throw AdvisorError(
        .badData,
        "line \(reader.number) of \(reader.name) is not JSON: \(String(decoding: value, as: UTF8.self).excerpt)",
        advice: "write a value a line: 1000000, \"a text\", [1, 2] or {\"name\": \"value\"}")
    }
    return row
  }

  /// Words of the command line as inputs.
  ///
  /// - Throws: ``AdvisorError`` (usage) for one that is no JSON.
  public static func list(_ words: [[UInt8]]) throws(AdvisorError) -> InputList {
    if let bad = words.first(where: { !isJSON($0) }) {
      let text = String(decoding: bad, as: UTF8.self).excerpt
      throw AdvisorError(
        .usage, "“\(text)” after ::: is not JSON", advice: "write a text with its quotes: '\"\(text)\"'")
    }
    return InputList(words)
  }

  static func isJSON(_ bytes: [UInt8]) -> Bool {
    (try? JSONDecoder().decode(AnyValue.self, from: Data(bytes))) != nil
  }

  /// The decoder looks at the whole text before it asks for a value.
  private struct AnyValue: Decodable {
    init(from decoder: any Decoder) {}
  }
}

/// Rows of CSV as JSON objects of texts, by the names in the header.
public final class CSVObjects: InputStream {
  private let reader: CSVReader

  public init(_ reader: CSVReader) { self.reader = reader }

  public var columns: Int { 1 }
  public var count: Int? { nil }
  public var descriptor: Int32? { reader.descriptor }

  public func nextRow() throws(AdvisorError) -> InputRow {
    let row = try reader.nextRow()
    guard case .inputs(let fields) = row else { return row }
    let texts = fields.map { String(decoding: $0, as: UTF8.self) }
    let object = Dictionary(zip(reader.names, texts), uniquingKeysWith: { _, last in last })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(object) else {
      throw AdvisorError(
        .badData, "a row of \(reader.names.joined(separator: ",")) cannot be written as JSON", advice: "check the file")
    }
    return .inputs([Array(data)])
  }
}
