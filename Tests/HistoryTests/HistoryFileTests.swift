import AdvisorCore
import History
import Testing

/// The files of all versions, those to come included.
@Suite("Histories of other versions") struct HistoryFileTests {
  private let scratch: ScratchHistory
  private var path: String { scratch.path }

  init() throws { scratch = try ScratchHistory() }

  /// What the first programs have made, with GRDB 7.10.
  private static let tables = """
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)
    CREATE TABLE "run" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "at" TEXT NOT NULL, "fingerprint" TEXT NOT NULL, \
    "jobClass" TEXT NOT NULL, "document" TEXT NOT NULL)
    CREATE INDEX "run_on_fingerprint" ON "run"("fingerprint")
    """
  /// What is added by the second version.
  private static let trialTables = """
    CREATE TABLE "trial" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "kind" TEXT NOT NULL, "fingerprint" TEXT NOT NULL, \
    "folder" TEXT NOT NULL, "command" TEXT NOT NULL, "document" TEXT NOT NULL)
    CREATE INDEX "trial_on_command" ON "trial"("command")
    """
  /// What is added by the third version.
  private static let hostTable = """
    CREATE TABLE "host" ("fingerprint" TEXT NOT NULL, "name" TEXT NOT NULL, "inFlight" INTEGER NOT NULL, \
    PRIMARY KEY ("fingerprint", "name")) WITHOUT ROWID
    """
  private static let document = """
    {"observed":{"failed":0,"cpuSeconds":0.001559,"tasks":1,"seconds":1.1370087200011767},"at":"2026-11-29T01:56:05Z",\
    "jobClass":"command:1e0x1e-3s","plan":{"strategy":"processes","chunk":1,"workers":1},"fingerprint":"b",\
    "spread":0,"job":"sleep"}
    """

  /// A file with these tables, and nothing more.
  private func make(_ script: String) throws {
    _ = try History(path: path)
    try scratch.python("open('\(path)', 'w').close()\n\(script)")
  }

  @Test("A new file has the tables that the first had, one of tunings and pilots, and one of hosts")
  func sameTables() throws {
    _ = try History(path: path)
    let tables = "SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY rowid"
    let found = try scratch.python("for (sql,) in db.execute(\"\(tables)\"): print(sql)")
    #expect(found == "\(Self.tables)\n\(Self.trialTables)\n\(Self.hostTable)")
    let marks = "print(*db.execute('SELECT * FROM grdb_migrations').fetchall(), *db.execute('PRAGMA journal_mode'))"
    #expect(try scratch.python(marks) == "('1',) ('2',) ('3',) ('delete',)")
  }

  @Test("A file of the first version is read and added to")
  func firstVersion() throws {
    try make(
      """
      for sql in '''\(Self.tables)'''.splitlines(): db.execute(sql)
      db.execute("INSERT INTO grdb_migrations VALUES ('1')")
      db.execute("INSERT INTO run VALUES (7, '2026-11-29T01:56:05Z', 'b', 'command:1e0x1e-3s', ?)",
        ['''\(Self.document)'''])
      """)
    let history = try History(path: path)
    try history.add(ScratchHistory.entry("cpu:1x1"))
    #expect(try history.newest(9).map(\.job) == ["cpu:1x1", "sleep"])
    #expect(try history.newest(9, of: "b").map(\.observed.seconds) == [1.1370087200011767])
    #expect(try scratch.python("print(*db.execute('SELECT id FROM run ORDER BY id').fetchall())") == "(7,) (8,)")
  }

  @Test(
    "A file from before the first version gets its tables",
    arguments: ["", "db.execute('CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)')"])
  func olderVersion(_ script: String) throws {
    try make(script)
    try History(path: path).add(ScratchHistory.entry("cpu:1x1"))
    #expect(try History(path: path).count() == 1)
  }

  @Test("A file of a newer version is left alone")
  func newerVersion() throws {
    try History(path: path).add(ScratchHistory.entry("cpu:1x1"))
    let content = "import hashlib; print(hashlib.sha256(open('\(path)', 'rb').read()).hexdigest())"
    try scratch.python("db.execute(\"INSERT INTO grdb_migrations VALUES ('99')\")")
    let before = try scratch.python(content)
    let error = #expect(throws: AdvisorError.self) { try History(path: path) }
    #expect(error?.code == .badData && error?.problem.contains("newer") == true)
    #expect(try scratch.python(content) == before)
  }
}
