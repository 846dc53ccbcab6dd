public import AdvisorCore
import Documents

/// The records of a CSV file, of which the first may name the columns.
public final class CSVReader: InputStream {
  public private(set) var names: [String] = []
  private let lines: InputReader
  private var records: CSVRecords
  /// The first record, until it is handed out, where it is no header.
  private var first: [[UInt8]]?
  public private(set) var columns = 0

  /// Reads the first record, and waits for it where it comes through a pipe.
  ///
  /// - Parameters:
  ///   - isTabbed: whether fields stand between tabs, without quotes; else the first line tells.
  ///   - hasHeader: whether the first record names the columns.
  /// - Throws: `AdvisorError` (badData) when there is none, or it names a column twice.
  public init(
    _ lines: InputReader, isTabbed: Bool = false, hasHeader: Bool = true
  ) throws(AdvisorError) {
    self.lines = lines
    records = CSVRecords(isTabbed: isTabbed)
    (lines.keepsEmptyLines, lines.takesUTF16) = (true, true)
    while first == nil, let line = try lines.nextBlocking() { first = try add(line) }
    columns = first?.count ?? 0
    guard hasHeader || first == nil else { return }
    (names, first) = (first?.map { String(decoding: $0, as: UTF8.self) } ?? [], nil)
    guard !names.isEmpty else {
      throw AdvisorError(
        .badData, "\(lines.name) holds no CSV: it is empty", advice: "start it with a line of column names")
    }
    guard !names.contains(where: { $0.utf8.contains(UInt8(ascii: "\r")) }) else {
      throw fault("ends its lines with carriage returns alone", "convert it: tr '\\r' '\\n' < FILE")
    }
    guard Set(names).count == names.count else {
      throw AdvisorError(
        .badData, "the header of \(lines.name) names a column twice: \(names.joined(separator: ",").excerpt)",
        advice: "give each column a name of its own")
    }
  }

  public var count: Int? { nil }
  public var descriptor: Int32? { lines.descriptor }

  public func nextRow() throws(AdvisorError) -> InputRow {
    if let row = first {
      first = nil
      return .inputs(row)
    }
    while true {
      switch try lines.next() {
      case .input(let line): if let row = try add(line) { return .inputs(row) }
      case .waiting: return .waiting
      case .end:
        guard !records.isInQuotes else { throw fault("ends inside quotes", "close the quotes of the last record") }
        return .end
      }
    }
  }

  private func add(_ line: [UInt8]) throws(AdvisorError) -> [[UInt8]]? {
    let fields = records.add(line[...])
    guard records.count <= InputReader.longestInput else {
      throw fault("has a record of more than 1 MiB, up to line \(lines.number)", "close the quotes where they end")
    }
    guard let fields else { return nil }
    guard columns == 0 || fields.count == columns else {
      throw fault(
        "has \(columns) columns, but \(fields.count) in line \(lines.number)",
        "give every record as many fields as the first, and quote those that hold a comma")
    }
    return fields
  }

  private func fault(_ what: String, _ advice: String) -> AdvisorError {
    AdvisorError(.badData, "\(lines.name) \(what)", advice: advice)
  }
}
