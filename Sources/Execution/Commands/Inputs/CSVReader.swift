public import AdvisorCore

/// The records of a CSV file (RFC 4180), of which the first names the columns.
public final class CSVReader: InputStream {
  private static let quote = UInt8(ascii: "\"")

  public let names: [String]
  private let lines: InputReader
  /// Lines of a record whose quotes are still open.
  private var record: [UInt8] = []
  private var isInQuotes = false

  /// Reads the header, and waits for it where it comes through a pipe.
  ///
  /// - Throws: `AdvisorError` (badData) when there is none, or it names a column twice.
  public init(_ lines: InputReader) throws(AdvisorError) {
    self.lines = lines
    lines.keepsEmptyLines = true
    guard let header = try lines.nextBlocking().map(Self.fields) else {
      throw AdvisorError(
        .badData, "\(lines.name) holds no CSV: it is empty", advice: "start it with a line of column names")
    }
    names = header.map { String(decoding: $0, as: UTF8.self) }
    guard Set(names).count == names.count else {
      throw AdvisorError(
        .badData, "the header of \(lines.name) names a column twice: \(names.joined(separator: ",").printable)",
        advice: "give each column a name of its own")
    }
  }

  public var columns: Int { names.count }
  public var count: Int? { nil }
  public var descriptor: Int32? { lines.descriptor }

  public func nextRow() throws(AdvisorError) -> InputRow {
    while true {
      switch try lines.next() {
      case .input(let line): if let row = try add(line) { return .inputs(row) }
      case .waiting: return .waiting
      case .end:
        guard !isInQuotes else { throw fault("ends inside quotes", "close the quotes of the last record") }
        return .end
      }
    }
  }

  /// A record, when the line completes one; blank lines between records count for nothing.
  private func add(_ line: [UInt8]) throws(AdvisorError) -> [[UInt8]]? {
    if isInQuotes { record.append(UInt8(ascii: "\n")) } else { record = [] }
    record += line
    if line.count(where: { $0 == Self.quote }) % 2 == 1 { isInQuotes.toggle() }
    guard record.count <= InputReader.longestInput else {
      throw fault("has a record of more than 1 MiB, up to line \(lines.number)", "close the quotes where they end")
    }
    guard !isInQuotes, !record.isEmpty, record != [UInt8(ascii: "\r")] else { return nil }
    let fields = Self.fields(record)
    guard fields.count == names.count else {
      throw fault(
        "has \(names.count) columns, but \(fields.count) in line \(lines.number)",
        "give every record as many fields as the header, and quote those that hold a comma")
    }
    return fields
  }

  private func fault(_ what: String, _ advice: String) -> AdvisorError {
    AdvisorError(.badData, "\(lines.name) \(what)", advice: advice)
  }

  /// Splits at commas outside of quotes; a doubled quote inside of them stands for one.
  static func fields(_ record: [UInt8]) -> [[UInt8]] {
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    var former: UInt8 = 0
    for byte in record.last == UInt8(ascii: "\r") ? record.dropLast() : record[...] {
      switch byte {
      case quote:
        if !isQuoted, former == quote { fields[fields.count - 1].append(quote) }
        isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted: fields.append([])
      default: fields[fields.count - 1].append(byte)
      }
      former = byte
    }
    return fields
  }
}
