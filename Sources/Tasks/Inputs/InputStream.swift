public import AdvisorCore

/// Rows of inputs that are read as they are needed; each row makes a task.
public protocol InputStream: AnyObject {
  /// Inputs in a row.
  var columns: Int { get }
  /// Rows in all, where that is known before they are read.
  var count: Int? { get }
  /// The descriptor to watch after ``InputRow/waiting``.
  var descriptor: Int32? { get }
  /// What tells a row, the last that was given or one that is still kept, from an equal one of another stream, in this run or
  /// another; nothing where a row says all.
  func identity(of row: [[UInt8]]) -> [[UInt8]]

  /// - Throws: `AdvisorError` (badData) when what is read can be no input.
  func nextRow() throws(AdvisorError) -> InputRow
}

extension InputStream {
  public func identity(of row: [[UInt8]]) -> [[UInt8]] { [] }
}

public enum InputRow: Sendable, Hashable {
  case inputs([[UInt8]])
  /// More will come: ask again when the descriptor is readable.
  case waiting
  case end
}

extension InputReader: InputStream {
  public var columns: Int { 1 }
  public var count: Int? { nil }

  public func nextRow() throws(AdvisorError) -> InputRow {
    switch try next() {
    case .input(let input): .inputs([input])
    case .waiting: .waiting
    case .end: .end
    }
  }
}

/// Rows that are there already.
final class StoredRows: InputStream {
  let columns: Int
  private let rows: [[[UInt8]]]
  private var index = 0

  init(_ rows: [[[UInt8]]], columns: Int) { (self.rows, self.columns) = (rows, columns) }

  var count: Int? { rows.count }
  var descriptor: Int32? { nil }

  func nextRow() -> InputRow {
    guard index < rows.count else { return .end }
    defer { index += 1 }
    return .inputs(rows[index])
  }
}

/// A fixed number of rows of a source as one; the last may be shorter.
public final class GroupedRows: InputStream {
  private let source: TaskInputs
  private let size: Int
  private var group: [[UInt8]] = []
  private var rows = 0

  /// - Parameter size: rows in a group, 1 or more.
  public init(_ source: TaskInputs, _ size: Int) { (self.source, self.size) = (source, size) }

  public var columns: Int { source.columns * size }
  public var count: Int? { source.count.map { ($0 + size - 1) / size } }
  public var descriptor: Int32? { source.descriptor }
  public func identity(of row: [[UInt8]]) -> [[UInt8]] { source.identity(of: row) }

  public func nextRow() throws(AdvisorError) -> InputRow {
    while rows < size {
      switch try source.next() {
      case .inputs(let row):
        group += row
        rows += 1
      case .waiting: return .waiting
      case .end: return rows == 0 ? .end : .inputs(take())
      }
    }
    return .inputs(take())
  }

  private func take() -> [[UInt8]] {
    defer { (group, rows) = ([], 0) }
    return group
  }
}
