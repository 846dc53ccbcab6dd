public import AdvisorCore

/// The inputs of all tasks, in order: every combination of one from each source, the last source fastest.
///
/// Lists stand on the command line; a file or standard input may come before them, and is read as it is needed.
public final class CommandInputs {
  enum Next: Equatable {
    case inputs([[UInt8]])
    case waiting
    case end
  }

  private let lists: [[[UInt8]]]
  private let stream: InputReader?
  /// Combinations of the lists alone.
  private let combinations: Int
  private var combination = 0
  private var current: [UInt8]?

  /// - Parameters:
  ///   - lists: each the inputs after one `:::`. No list and no stream makes a single task without input.
  /// - Throws: ``AdvisorError`` (usage) when there are more combinations than can be counted.
  public init(lists: [[[UInt8]]] = [], stream: InputReader? = nil) throws(AdvisorError) {
    self.lists = lists
    self.stream = stream
    var product = 1
    for list in lists {
      let (value, overflow) = product.multipliedReportingOverflow(by: list.count)
      guard !overflow else {
        throw AdvisorError(
          .usage, "the inputs have more combinations than can be counted", advice: "give fewer or shorter lists")
      }
      product = value
    }
    combinations = product
  }

  /// Inputs of one task.
  public var columns: Int { lists.count + (stream == nil ? 0 : 1) }

  /// Tasks in all; nil where they are read from a stream.
  public var count: Int? { stream == nil ? combinations : nil }

  /// The descriptor to watch after ``Next/waiting``.
  var descriptor: Int32? { stream?.descriptor }

  func next() throws(AdvisorError) -> Next {
    guard let stream else {
      guard combination < combinations else { return .end }
      defer { combination += 1 }
      return .inputs(inputs(of: combination))
    }
    guard combinations > 0 else { return .end }
    if combination == combinations { (current, combination) = (nil, 0) }
    if current == nil {
      switch try stream.next() {
      case .input(let input): current = input
      case .waiting: return .waiting
      case .end: return .end
      }
    }
    defer { combination += 1 }
    return .inputs((current.map { [$0] } ?? []) + inputs(of: combination))
  }

  private func inputs(of combination: Int) -> [[UInt8]] {
    var rest = combination
    var result: [[UInt8]] = []
    for list in lists.reversed() {
      result.append(list[rest % list.count])
      rest /= list.count
    }
    return result.reversed()
  }
}
