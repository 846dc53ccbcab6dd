public import AdvisorCore
import Documents

/// The records of a CSV file, of which the first names the columns.
public final class CSVReader: InputStream {
  public private(set) var names: [String] = []
  private let lines: InputReader
  private var records: CSVRecords

  /// Reads the header, and waits for it where it comes through a pipe.
  ///
  /// - Parameter isTabbed: whether fields stand between tabs, without quotes; else the header tells.
  /// - Throws: `AdvisorError` (badData) when there is none, or it names a column twice.
  public init(_ lines: InputReader, isTabbed: Bool = false) throws(AdvisorError) {
    self.lines = lines
    records = CSVRecords(isTabbed: isTabbed)
    lines.keepsEmptyLines = true
    while names.isEmpty, let line = try lines.nextBlocking() {
      names = try add(line)?.map { String(decoding: $0, as: UTF8.self) } ?? []
    }
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

  public var columns: Int { names.count }
  public var count: Int? { nil }
  public var descriptor: Int32? { lines.descriptor }

  public func nextRow() throws(AdvisorError) -> InputRow {
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
    guard names.isEmpty || fields.count == names.count else {
      throw fault(
        "has \(names.count) columns, but \(fields.count) in line \(lines.number)",
        "give every record as many fields as the header, and quote those that hold a comma")
    }
    return fields
  }

  private func fault(_ what: String, _ advice: String) -> AdvisorError {
    AdvisorError(.badData, "\(lines.name) \(what)", advice: advice)
  }
}
