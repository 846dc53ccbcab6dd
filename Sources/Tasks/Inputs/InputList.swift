internal import AdvisorCore

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

  /// All rows of a stream, waited for where they are still to come.
  init(reading stream: any InputStream) throws(AdvisorError) {
    let inputs = try TaskInputs(stream: stream)
    (rows, columns) = ([], stream.columns)
    while let row = try inputs.wait() { rows.append(row) }
  }

  /// Adds an input to each row; as in GNU parallel the shorter of both lists decides how many rows there are.
  public mutating func link(_ inputs: [[UInt8]]) { link(InputList(inputs), cycling: false) }

  /// Adds the columns of another list.
  ///
  /// - Parameter cycling: whether the shorter list is used over and over; else it decides how many rows there are.
  mutating func link(_ other: InputList, cycling: Bool) {
    let (own, others) = (rows, other.rows)
    let isEmpty = own.isEmpty || others.isEmpty
    let count = isEmpty ? 0 : cycling ? max(own.count, others.count) : min(own.count, others.count)
    rows = (0..<count).map { own[$0 % own.count] + others[$0 % others.count] }
    columns += other.columns
  }
}
