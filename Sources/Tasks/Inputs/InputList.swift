/// The inputs after one `:::`, with those linked to them by `:::+`: a row of one input from each.
public struct InputList: Sendable, Hashable {
  public private(set) var rows: [[[UInt8]]]
  /// Inputs in a row.
  public private(set) var columns = 1

  public init(_ inputs: [[UInt8]]) { rows = inputs.map { [$0] } }

  /// A single row, of one input from each of several lists.
  public init(row: [[UInt8]]) { (rows, columns) = ([row], row.count) }

  /// Rows of several inputs each.
  init(rows: [[[UInt8]]], columns: Int) { (self.rows, self.columns) = (rows, columns) }

  /// Adds an input to each row; as in GNU parallel the shorter of both lists decides how many rows there are.
  public mutating func link(_ inputs: [[UInt8]]) {
    rows = zip(rows, inputs).map { $0 + [$1] }
    columns += 1
  }
}
