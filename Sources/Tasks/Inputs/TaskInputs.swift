public import AdvisorCore

/// The inputs of all tasks, in order: every combination of one row from each source, the last source fastest.
///
/// Lists stand on the command line; a stream may come before them, and is read as it is needed.
public final class TaskInputs {
  private let lists: [InputList]
  private let stream: (any InputStream)?
  /// Combinations of the lists alone.
  private let combinations: Int
  private var combination = 0
  private var current: [[UInt8]]?

  /// - Parameters:
  ///   - lists: no list and no stream make a single task without input.
  ///   - stream: rows that are read as they are needed.
  /// - Throws: `AdvisorError` (usage) when there are more combinations than can be counted.
  public init(lists: [InputList] = [], stream: (any InputStream)? = nil) throws(AdvisorError) {
    self.lists = lists
    self.stream = stream
    var product = 1
    for list in lists {
      let (value, overflow) = product.multipliedReportingOverflow(by: list.rows.count)
      guard !overflow else {
        throw AdvisorError(
          .usage, "the inputs have more combinations than can be counted", advice: "give fewer or shorter lists")
      }
      product = value
    }
    combinations = product
  }

  /// Inputs of one task.
  public var columns: Int { lists.reduce(stream?.columns ?? 0) { $0 + $1.columns } }

  /// Tasks in all; nil where they are read from a stream that does not tell.
  public var count: Int? {
    guard let stream else { return combinations }
    let (product, overflow) = (stream.count ?? 0).multipliedReportingOverflow(by: combinations)
    return stream.count == nil || overflow ? nil : product
  }

  /// What tells a row from an equal one of other inputs.
  func identity(of row: [[UInt8]]) -> [[UInt8]] { stream?.identity(of: row) ?? [] }

  /// The descriptor to watch after ``InputRow/waiting``.
  var descriptor: Int32? { stream?.descriptor }

  package func next() throws(AdvisorError) -> InputRow {
    guard let stream else {
      guard combination < combinations else { return .end }
      defer { combination += 1 }
      return .inputs(inputs(of: combination))
    }
    guard combinations > 0 else { return .end }
    if combination == combinations { (current, combination) = (nil, 0) }
    if current == nil {
      switch try stream.nextRow() {
      case .inputs(let row): current = row
      case .waiting: return .waiting
      case .end: return .end
      }
    }
    defer { combination += 1 }
    return .inputs(lists.isEmpty ? current ?? [] : (current ?? []) + inputs(of: combination))
  }

  private func inputs(of combination: Int) -> [[UInt8]] {
    var rest = combination
    var result: [[UInt8]] = []
    for list in lists.reversed() {
      result = list.rows[rest % list.rows.count] + result
      rest /= list.rows.count
    }
    return result
  }
}
