public import AdvisorCore

/// Commands that were tried: tuned, or run on a few of their inputs.
extension History {
  private enum Kind: String { case tuning, pilot }

  public func add(_ entry: TuningEntry) throws(AdvisorError) { try add(entry, .tuning, entry.place) }
  public func add(_ entry: PilotEntry) throws(AdvisorError) { try add(entry, .pilot, entry.place) }

  private func add(_ entry: some Encodable, _ kind: Kind, _ place: TrialPlace) throws(AdvisorError) {
    let values = [
      kind.rawValue, place.fingerprint, place.folder, place.command, try document(entry, of: place.command),
    ]
    try use { (database) throws(SQLiteFault) in
      try database.execute(
        "INSERT INTO trial (kind, fingerprint, folder, command, document) VALUES (?, ?, ?, ?, ?)",
        values.map { .text($0) })
    }
  }

  /// The newest tunings first, less those that cannot be read.
  ///
  /// - Parameter place: the command, the machine and the folder that they are about; nil asks for all.
  public func newestTunings(_ count: Int, of place: TrialPlace? = nil) throws(AdvisorError) -> [TuningEntry] {
    try newest(count, .tuning, place, if: \TuningEntry.isPlausible)
  }

  /// The newest pilots first, less those that cannot be read.
  public func newestPilots(_ count: Int) throws(AdvisorError) -> [PilotEntry] {
    try newest(count, .pilot, nil, if: \PilotEntry.isPlausible)
  }

  private func newest<Entry: Decodable & Sendable>(
    _ count: Int, _ kind: Kind, _ place: TrialPlace?, if isPlausible: @Sendable (Entry) -> Bool
  ) throws(AdvisorError) -> [Entry] {
    let condition = place == nil ? "" : " AND command = ? AND folder = ? AND fingerprint = ?"
    let names = place.map { [$0.command, $0.folder, $0.fingerprint] } ?? []
    let values = ([kind.rawValue] + names).map { SQLiteValue.text($0) } + [.integer(count)]
    return try use { (database) throws(SQLiteFault) in
      try database.rows("SELECT document FROM trial WHERE kind = ?\(condition) ORDER BY id DESC LIMIT ?", values) {
        History.entry(Entry.self, in: $0, if: isPlausible)
      }
    }
  }
}
