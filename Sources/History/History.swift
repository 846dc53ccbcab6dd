public import AdvisorCore
private import FoundationEssentials
private import GRDB
import System

/// Past runs in an SQLite file: what was predicted and what was observed.
///
/// Several programs may write at once; each waits its turn for a moment. Whoever runs a job must treat every error from
/// here as a note: a history that cannot be kept is no reason to lose a run.
public struct History: Sendable {
  /// How long one program waits for another that writes.
  private static let patience = 2.0

  private let database: DatabaseQueue
  public let path: String

  /// Opens the file, making it and its folder where they are not there yet.
  ///
  /// - Throws: ``AdvisorError``: `.cannotWrite` where the file cannot be made, `.badData` where it is damaged or was
  ///   written by a newer version.
  public init(path: String) throws(AdvisorError) {
    self.path = path
    try Self.makeFile(path)
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(Self.patience)
      database = try DatabaseQueue(path: path, configuration: configuration)
      guard try !database.read(Schema.migrator.hasBeenSuperseded) else { throw Self.newer(path) }
      try Schema.migrator.migrate(database)
    } catch {
      throw Self.failure(path, error)
    }
  }

  /// What SQLite makes beside it gets its mode (https://sqlite.org/src, `findCreateFileMode`).
  private static func makeFile(_ path: String) throws(AdvisorError) {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let advice = "check the permissions above it, or set XDG_DATA_HOME to a folder that you may write in"
    let isFile = try WriteFault.named(path, advice: advice) { () throws(WriteFault) in
      _ = try ResolvedPath.folder(folder, making: 0o700)
      let file = try ResolvedPath.append(to: path, mode: 0o600)
      return file.status?.isFile == true
    }
    guard isFile else { throw AdvisorError(.badData, "the history \(path) is not a file", advice: "move it away") }
  }

  /// Adds a run.
  public func add(_ entry: HistoryEntry) throws(AdvisorError) {
    try write { try RunRow(entry).insert($0) }
  }

  /// The newest runs first, less those that cannot be read.
  ///
  /// - Parameter fingerprint: of the place where they ran; nil asks for all.
  public func newest(_ count: Int, of fingerprint: String? = nil) throws(AdvisorError) -> [HistoryEntry] {
    try read { database in
      var request = RunRow.order(Column("id").desc).limit(count)
      if let fingerprint { request = request.filter(Column("fingerprint") == fingerprint) }
      // A row that something else has written, or damaged, costs no other its place.
      return try request.asRequest(of: Row.self).fetchAll(database).compactMap { row in
        let entry = try? RunRow(row: row).entry
        return entry?.isPlausible == true ? entry : nil
      }
    }
  }

  public func count(of fingerprint: String? = nil) throws(AdvisorError) -> Int {
    try read { database in
      guard let fingerprint else { return try RunRow.fetchCount(database) }
      return try RunRow.filter(Column("fingerprint") == fingerprint).fetchCount(database)
    }
  }

  /// Forgets all runs.
  public func clear() throws(AdvisorError) { try write { _ = try RunRow.deleteAll($0) } }

  private func write(_ body: (Database) throws -> Void) throws(AdvisorError) {
    do { try database.write(body) } catch { throw Self.failure(path, error) }
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws(AdvisorError) -> Value {
    do { return try database.read(body) } catch { throw Self.failure(path, error) }
  }

  private static func newer(_ path: String) -> AdvisorError {
    AdvisorError(
      .badData, "the history \(path) was written by a newer version", advice: "use that version, or move the file away")
  }

  private static func failure(_ path: String, _ error: any Error) -> AdvisorError {
    if let error = error as? AdvisorError { return error }
    guard let error = error as? DatabaseError else {
      return AdvisorError(
        .cannotWrite, "cannot open the history \(path): \(error)", advice: "check the folder's permissions")
    }
    let words = "\(path): \(error.message ?? "SQLite error \(error.resultCode.rawValue)")"
    return switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      AdvisorError(.badData, "the history is damaged: \(words)", advice: "move the file away; a new one is made")
    case .SQLITE_BUSY:
      AdvisorError(.temporary, "another program writes the history: \(words)", advice: "try again")
    default:
      AdvisorError(
        .cannotWrite, "cannot use the history \(words)", advice: "check the permissions and the room on the disk")
    }
  }
}
