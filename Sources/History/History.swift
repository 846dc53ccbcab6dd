public import AdvisorCore
private import FoundationEssentials
private import Synchronization
import System

/// Past runs in an SQLite file: what was predicted and what was observed.
///
/// Several programs may write at once; each waits its turn for a moment. Whoever runs a job must treat every error from
/// here as a note: a history that cannot be kept is no reason to lose a run.
public final class History: Sendable {
  /// How long one program waits for another that writes, milliseconds.
  private static let patience: Int32 = 2000

  private let database: Mutex<Connection>
  public let path: String

  /// Opens the file, making it and its folder where they are not there yet.
  ///
  /// - Throws: ``AdvisorError``: `.cannotWrite` where the file cannot be made, `.badData` where it is damaged or was
  ///   written by a newer version, `.temporary` where another program keeps it locked.
  public init(path: String) throws(AdvisorError) {
    self.path = path
    try Self.makeFile(path)
    database = Mutex(try Self.open(path))
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
    guard isFile else {
      throw AdvisorError(.badData, "the history \(path.printable) is not a file", advice: "move it away")
    }
  }

  private static func open(_ path: String) throws(AdvisorError) -> Connection {
    do throws(SQLiteFault) {
      let database = try Connection.open(path, patience: patience)
      if try Schema.migrate(database) { return database }
    } catch {
      throw error.error(path)
    }
    throw AdvisorError(
      .badData, "the history \(path.printable) was written by a newer version",
      advice: "use that version, or move the file away")
  }

  /// Adds a run.
  public func add(_ entry: HistoryEntry) throws(AdvisorError) {
    let values = [entry.at, entry.fingerprint, entry.jobClass, try document(entry, of: entry.job)]
    try use { (database) throws(SQLiteFault) in
      try database.execute(
        "INSERT INTO run (at, fingerprint, jobClass, document) VALUES (?, ?, ?, ?)", values.map { .text($0) })
    }
  }

  /// - Parameter name: what the entry is about.
  func document(_ entry: some Encodable, of name: String) throws(AdvisorError) -> String {
    guard let document = try? JSONEncoder().encode(entry) else {
      throw AdvisorError(
        .badData, "the history \(path.printable) cannot hold the run of “\(name.printable)”: a figure is infinite",
        advice: "run the job again")
    }
    return String(decoding: document, as: UTF8.self)
  }

  /// The newest runs first, less those that cannot be read.
  ///
  /// - Parameter fingerprint: of the place where they ran; nil asks for all.
  public func newest(_ count: Int, of fingerprint: String? = nil) throws(AdvisorError) -> [HistoryEntry] {
    let place = Self.place(fingerprint)
    return try use { (database) throws(SQLiteFault) in
      try database.rows(
        "SELECT document FROM run\(place.condition) ORDER BY id DESC LIMIT ?", place.values + [.integer(count)]
      ) { row in
        // A row that something else has written, or damaged, costs no other its place.
        Self.entry(HistoryEntry.self, in: row, if: \.isPlausible)
      }
    }
  }

  /// Nil where a row was damaged, or holds what cannot have been.
  static func entry<Entry: Decodable>(
    _ type: Entry.Type, in row: borrowing Statement, if isPlausible: (Entry) -> Bool
  ) -> Entry? {
    let entry = row.text(0).flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
    return entry.flatMap { isPlausible($0) ? $0 : nil }
  }

  public func count(of fingerprint: String? = nil) throws(AdvisorError) -> Int {
    let place = Self.place(fingerprint)
    return try use { (database) throws(SQLiteFault) in
      try database.rows("SELECT count(*) FROM run\(place.condition)", place.values) { $0.integer(0) }.reduce(0, +)
    }
  }

  /// Forgets all runs, tunings, pilots and hosts.
  public func clear() throws(AdvisorError) {
    try use { (database) throws(SQLiteFault) in
      for table in ["run", "trial", "host"] { try database.execute("DELETE FROM \(table)") }
    }
  }

  private static func place(_ fingerprint: String?) -> (condition: String, values: [SQLiteValue]) {
    fingerprint.map { (" WHERE fingerprint = ?", [.text($0)]) } ?? ("", [])
  }

  func use<Value: Sendable>(
    _ body: (borrowing Connection) throws(SQLiteFault) -> Value
  ) throws(AdvisorError) -> Value {
    do { return try database.withLock { (database) throws(SQLiteFault) in try body(database) } } catch {
      throw error.error(path)
    }
  }
}
