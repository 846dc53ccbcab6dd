/// The tables, version by version; a version that was released never changes.
///
/// A file lists the versions that it has been through in `grdb_migrations`, so named by the library that made the first
/// files, GRDB.
enum Schema {
  private static let versions = [
    (
      name: "1",
      statements: [
        """
        CREATE TABLE "run" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "at" TEXT NOT NULL, "fingerprint" TEXT NOT NULL, \
        "jobClass" TEXT NOT NULL, "document" TEXT NOT NULL)
        """, #"CREATE INDEX "run_on_fingerprint" ON "run"("fingerprint")"#,
      ]
    ),
    (
      // Tunings and pilots: commands that were tried.
      name: "2",
      statements: [
        """
        CREATE TABLE "trial" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "kind" TEXT NOT NULL, "fingerprint" TEXT NOT NULL, \
        "folder" TEXT NOT NULL, "command" TEXT NOT NULL, "document" TEXT NOT NULL)
        """, #"CREATE INDEX "trial_on_command" ON "trial"("command")"#,
      ]
    ),
    (
      // What downloads have found of hosts.
      name: "3",
      statements: [
        """
        CREATE TABLE "host" ("fingerprint" TEXT NOT NULL, "name" TEXT NOT NULL, "inFlight" INTEGER NOT NULL, \
        PRIMARY KEY ("fingerprint", "name")) WITHOUT ROWID
        """
      ]
    ),
  ]

  /// Brings a file to the newest version.
  ///
  /// - Returns: whether the file is of a version that is known; one that is not stays as it is.
  static func migrate(_ database: borrowing Connection) throws(SQLiteFault) -> Bool {
    var passed = try passed(database)
    guard passed.allSatisfy(versions.map(\.name).contains) else { return false }
    guard passed.count < versions.count else { return true }
    try database.execute("BEGIN IMMEDIATE")
    try database.execute("CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    // Another program may have been here first.
    passed = try self.passed(database)
    for version in versions where !passed.contains(version.name) {
      for statement in version.statements { try database.execute(statement) }
      try database.execute("INSERT INTO grdb_migrations (identifier) VALUES (?)", [.text(version.name)])
    }
    try database.execute("COMMIT")
    return true
  }

  private static func passed(_ database: borrowing Connection) throws(SQLiteFault) -> [String] {
    let tables = try database.rows("SELECT name FROM sqlite_master WHERE name = 'grdb_migrations'") { $0.text(0) }
    guard !tables.isEmpty else { return [] }
    return try database.rows("SELECT identifier FROM grdb_migrations") { $0.text(0) ?? "" }
  }
}
