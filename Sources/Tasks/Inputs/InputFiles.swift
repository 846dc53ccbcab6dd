private import System

/// The sizes of inputs that are files, by which the work of their tasks can be told.
enum InputFiles {
  /// Rows beyond which the start of a run would be felt.
  static let maxLookedAt = 100_000
  /// Rows that tell whether inputs name files at all.
  private static let sample = 16

  /// Bytes of the files that a row names; nil where it names none.
  static func bytes(of row: [[UInt8]]) -> Double? {
    let sizes = row.compactMap(fileBytes)
    return sizes.isEmpty ? nil : sizes.reduce(0, +)
  }

  /// The same of each row, 0 for one that names none; nil where most name none, and for too many rows.
  static func bytes(of rows: [[[UInt8]]]) -> [Double]? {
    guard !rows.isEmpty, rows.count <= maxLookedAt else { return nil }
    let step = max(1, rows.count / sample)
    let looked = stride(from: 0, to: rows.count, by: step)
    let found = looked.lazy.filter { bytes(of: rows[$0]) != nil }.count
    guard 2 * found > rows.count / step else { return nil }
    return rows.map { bytes(of: $0) ?? 0 }
  }

  private static func fileBytes(_ input: [UInt8]) -> Double? {
    let path = input.map { CChar(bitPattern: $0) } + [0]
    guard let status = FileStatus(path: path), status.isFile else { return nil }
    return Double(status.bytes)
  }
}
