/// How sources are taken apart into inputs and their columns.
public struct InputFormat: Sendable {
  public enum Table: Sendable { case csv, tabs }

  public enum Trim: String, Sendable, CaseIterable {
    case none = "n"
    case left = "l"
    case right = "r"
    case both = "lr"
  }

  /// Whether the first row of a source names its columns.
  public enum Header: Sendable, Hashable {
    case none
    case first
    /// In tables alone, where the command names a column: GNU parallel's `--csv` has no header.
    case ifNamed(in: [[UInt8]])
  }

  public var separator = InputReader.Separator.newline
  /// Files of records with a dialect of their own; nil where a line is an input.
  public var table: Table?
  /// A regular expression between the columns of an input; nil where it is one column.
  public var columnSeparator: String?
  public var header = Header.none
  /// An input that ends its source.
  public var endMark: [UInt8]?
  public var trim = Trim.none

  public init() {}

  var hasTableHeader: Bool {
    switch header {
    case .none: false
    case .first: true
    case .ifNamed(let command): command.contains { TemplatePiece.namesColumn($0[...]) }
    }
  }
}
