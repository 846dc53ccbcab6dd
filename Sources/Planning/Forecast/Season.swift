import Documents

/// What a load may repeat: the slots of a cycle that differ from each other.
public enum Season: String, Codable, Hashable, Sendable {
  case hourOfDay, dayOfWeek, hourOfWeek, monthOfYear, quarterOfYear

  /// Which slot of its cycle a time falls into.
  func slot(_ time: Double) -> Int {
    switch self {
    case .hourOfDay: Self.hour(time)
    case .dayOfWeek: CivilDate.weekday(days: time)
    case .hourOfWeek: CivilDate.weekday(days: time + Self.halfMinute) * 24 + Self.hour(time)
    case .monthOfYear: Int(CivilDate.months(time)) % 12
    case .quarterOfYear: Int(CivilDate.months(time)) % 12 / 3
    }
  }

  /// A time that rounding has put right before the hour belongs to it.
  private static let halfMinute = 0.5 / 1440

  private static func hour(_ time: Double) -> Int {
    let time = time + halfMinute
    return Int((time - time.rounded(.down)) * 24)
  }

  /// In days.
  private var cycle: Double {
    switch self {
    case .hourOfDay: 1
    case .dayOfWeek, .hourOfWeek: 7
    case .monthOfYear, .quarterOfYear: 365.2425
    }
  }

  /// Points in one cycle of a history.
  func length(_ history: LoadHistory) -> Int { Int((cycle / history.step).rounded()) }

  /// The seasons that a history is long enough to show: two cycles at least, of a step that tells their slots apart.
  static func candidates(_ history: LoadHistory) -> [Season] {
    guard history.hasDates else { return [] }
    let cycles = { (season: Season) in Double(history.points.count) / Double(max(1, season.length(history))) }
    let possible: [Season] =
      switch (history.pace.months, history.step) {
      case (1, _): [.monthOfYear]
      case (3, _): [.quarterOfYear]
      case (.some, _): []
      case (nil, ..<0.05): cycles(.hourOfWeek) >= 3 ? [.hourOfWeek] : [.hourOfDay, .dayOfWeek]
      case (nil, ..<0.3): [.hourOfDay, .dayOfWeek]
      case (nil, ...1.01): [.dayOfWeek, .monthOfYear]
      case (nil, ..<8): [.monthOfYear]
      default: []
      }
    return possible.filter { cycles($0) >= 2 && $0.length(history) >= 2 }
  }
}
