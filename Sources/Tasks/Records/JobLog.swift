internal import AdvisorCore
internal import System

/// A log of ended tasks in GNU parallel's columns, so that what reads its `--joblog` reads this one.
final class JobLog {
  static let header = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand"
  private let file: RecordFile

  convenience init(path: String, keepingContents: Bool) throws(AdvisorError) {
    try self.init(Self.open(path), keepingContents: keepingContents)
  }

  /// - Parameter keepingContents: whether to go on with the log of an earlier run.
  init(_ file: RecordFile, keepingContents: Bool) throws(AdvisorError) {
    self.file = file
    if !keepingContents || file.isCutShort { try file.empty() }
    if file.isEmpty { try file.add(Self.header.utf8) }
  }

  /// Opens the file, and leaves what it holds as it is.
  ///
  /// - Throws: `AdvisorError`: badData where that is no log.
  static func open(_ path: String) throws(AdvisorError) -> RecordFile {
    try RecordFile(path: path, isRecord: isHeader, foreign: foreign)
  }

  /// Whether a log can begin with this line; a header that was cut off is a part of one.
  static func isHeader(_ line: ArraySlice<UInt8>, isWhole: Bool) -> Bool {
    // Other tables begin with a column “Seq” too.
    line.starts(with: "Seq\tHost\tStarttime\t".utf8) || (!isWhole && header.utf8.starts(with: line))
  }

  static func foreign(_ path: String) -> AdvisorError {
    AdvisorError(
      .badData, "“\(path.printable)” is no log of tasks, and is left as it is",
      advice: "name a new file with --joblog, or remove that one first")
  }

  /// A task that was stopped because the run was has not ended.
  ///
  /// - Parameter command: how it is shown, on one line.
  func add(_ outcome: TaskOutcome, as command: String) throws(AdvisorError) {
    guard outcome.ending != .stopped else { return }
    try file.add((Self.columns(of: outcome) + [command]).joined(separator: "\t").utf8)
  }

  /// All but the last.
  static func columns(of outcome: TaskOutcome) -> [String] {
    let (status, signal) = exit(of: outcome.ending)
    return [
      "\(outcome.sequence)", ":", fixed(outcome.startedAt, width: 14), fixed(outcome.wallSeconds, width: 10),
      "0", "\(outcome.outputBytes)", "\(status)", "\(signal)",
    ]
  }

  var isDirty: Bool { file.isDirty }

  func sync() { file.sync() }

  /// GNU parallel writes -1 for a task that was stopped, and 127 for a command that is not there as the shell does.
  private static func exit(of ending: TaskOutcome.Ending) -> (status: Int32, signal: Int32) {
    switch ending {
    case .succeeded: (0, 0)
    case .exited(let status): (status, 0)
    case .killed(let signal): (0, signal)
    case .timedOut, .stopped: (-1, 15)
    case .failed: (1, 0)
    case .notStarted: (127, 0)
    }
  }

  /// Three decimals, right-justified as C's `%14.3f`.
  private static func fixed(_ value: Double, width: Int) -> String {
    let thousandths = Int((max(0, min(value, 1e12)) * 1000).rounded())
    let fraction = String(thousandths % 1000 + 1000).dropFirst()
    let text = "\(thousandths / 1000).\(fraction)"
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
