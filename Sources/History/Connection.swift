private import CSQLite

/// An SQLite database that is open; closed with this value.
struct Connection: ~Copyable {
  private let handle: OpaquePointer

  /// Opens a file that is there: one that SQLite makes could be read by others.
  ///
  /// - Parameter patience: how long each statement waits for another program that writes, in milliseconds.
  static func open(_ path: String, patience: Int32) throws(SQLiteFault) -> Connection {
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil)
    // There is a handle, to be closed, whatever went wrong; but not without memory.
    guard let handle else { throw SQLiteFault(code, sqlite3_errstr(code)) }
    let connection = Connection(owning: handle)
    try connection.check(code)
    try connection.check(sqlite3_busy_timeout(handle, patience))
    return connection
  }

  private init(owning handle: OpaquePointer) { self.handle = handle }

  // It cannot fail, and takes back what was not committed (sqlite3_close_v2).
  deinit { sqlite3_close_v2(handle) }

  /// Carries out a statement that is asked for no rows.
  func execute(_ sql: String, _ values: [SQLiteValue] = []) throws(SQLiteFault) {
    _ = try rows(sql, values) { _ in () }
  }

  /// What is read from each row; nil leaves the row out.
  func rows<Value>(
    _ sql: String, _ values: [SQLiteValue] = [], read: (borrowing Statement) -> Value?
  ) throws(SQLiteFault) -> [Value] {
    let statement = try prepare(sql)
    for (value, parameter) in zip(values, 1...) { try check(statement.bind(value, to: parameter)) }
    var found: [Value] = []
    while true {
      let code = statement.step()
      if code == SQLITE_DONE { return found }
      guard code == SQLITE_ROW else { throw fault(code) }
      if let value = read(statement) { found.append(value) }
    }
  }

  private func prepare(_ sql: String) throws(SQLiteFault) -> Statement {
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
    return Statement(owning: statement)
  }

  private func check(_ code: Int32) throws(SQLiteFault) {
    guard code == SQLITE_OK else { throw fault(code) }
  }

  private func fault(_ code: Int32) -> SQLiteFault { SQLiteFault(code, sqlite3_errmsg(handle)) }
}

/// What a parameter of a statement, `?`, can be.
enum SQLiteValue {
  case text(String)
  case integer(Int)
}

/// A compiled statement, at one of its rows; finalised with this value, before its connection is closed.
struct Statement: ~Copyable {
  /// Nil for text that holds no statement, which SQLite refuses to carry out.
  private let handle: OpaquePointer?

  fileprivate init(owning handle: OpaquePointer?) { self.handle = handle }

  // What it returns, the last step has returned (sqlite3_finalize).
  deinit { sqlite3_finalize(handle) }

  fileprivate func bind(_ value: SQLiteValue, to parameter: Int) -> Int32 {
    switch value {
    case .text(let text): csqlite_bind_text(handle, Int32(parameter), text, UInt64(text.utf8.count))
    case .integer(let number): sqlite3_bind_int64(handle, Int32(parameter), Int64(number))
    }
  }

  fileprivate func step() -> Int32 { sqlite3_step(handle) }

  /// Nil for NULL and for what is not UTF-8.
  func text(_ column: Int32) -> String? {
    // The size is that of the form last asked for (https://sqlite.org/c3ref/column_blob.html).
    guard let bytes = sqlite3_column_text(handle, column) else { return nil }
    let text = UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column)))
    return String(validating: text, as: UTF8.self)
  }

  /// Zero for what is no number.
  func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }
}
