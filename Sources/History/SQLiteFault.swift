import AdvisorCore
private import CSQLite

/// What SQLite could not do.
struct SQLiteFault: Error {
  /// A primary result code (https://sqlite.org/rescode.html).
  let code: Int32
  /// In SQLite's words.
  let reason: String

  init(_ code: Int32, _ reason: UnsafePointer<CChar>) {
    self.code = code
    self.reason = String(cString: reason)
  }

  /// - Parameter path: the history's.
  func error(_ path: String) -> AdvisorError {
    let words = "\(path.printable): \(reason)"
    return switch code {
    // Statements are ours and never change: one that is refused meets tables that are not.
    case SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_ERROR:
      AdvisorError(.badData, "the history is damaged: \(words)", advice: "move the file away; a new one is made")
    case SQLITE_BUSY:
      AdvisorError(.temporary, "another program writes the history: \(words)", advice: "try again")
    case SQLITE_FULL:
      AdvisorError(.cannotWrite, "cannot use the history \(words)", advice: "make room on its disk")
    default:
      AdvisorError(
        .cannotWrite, "cannot use the history \(words)", advice: "check the permissions and the room on the disk")
    }
  }
}
