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
