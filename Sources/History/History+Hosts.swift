public import AdvisorCore
private import FoundationEssentials

/// How many requests hosts had in flight at the end of downloads, as it was found; of each the newest.
extension History {
  public func add(inFlight hosts: [String: Int], of fingerprint: String) throws(AdvisorError) {
    let values = [fingerprint, try document(hosts, of: "the hosts of downloads")]
    try use { (database) throws(SQLiteFault) in
      try database.execute(
        "INSERT OR REPLACE INTO host SELECT ?, key, value FROM json_each(?)", values.map { .text($0) })
    }
  }

  /// Of these hosts, as far as they are known in the place.
  public func inFlight(to hosts: [String], of fingerprint: String) throws(AdvisorError) -> [String: Int] {
    let values = [fingerprint, try document(hosts, of: "the hosts of downloads")]
    let sql = """
      SELECT name, inFlight FROM host WHERE fingerprint = ? AND name IN (SELECT value FROM json_each(?)) AND inFlight > 0
      """
    let found = try use { (database) throws(SQLiteFault) in
      try database.rows(sql, values.map { .text($0) }) { row in row.text(0).map { ($0, row.integer(1)) } }
    }
    return Dictionary(found) { $1 }
  }
}
