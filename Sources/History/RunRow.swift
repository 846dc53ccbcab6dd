import AdvisorCore
import FoundationEssentials
import GRDB

/// The tables, version by version; a version that was released never changes.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.create(table: RunRow.databaseTableName) { table in
        table.autoIncrementedPrimaryKey("id")
        table.column("at", .text).notNull()
        table.column("fingerprint", .text).notNull().indexed()
        table.column("jobClass", .text).notNull()
        table.column("document", .text).notNull()
      }
    }
    return migrator
  }
}

/// A run in the table: what is searched for in columns of its own, the whole as its JSON document.
struct RunRow: Codable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "run"

  var at: String
  var fingerprint: String
  var jobClass: String
  var document: String

  init(_ entry: HistoryEntry) throws {
    at = entry.at
    fingerprint = entry.fingerprint
    jobClass = entry.jobClass
    document = String(decoding: try JSONEncoder().encode(entry), as: UTF8.self)
  }

  var entry: HistoryEntry {
    get throws { try JSONDecoder().decode(HistoryEntry.self, from: Data(document.utf8)) }
  }
}
