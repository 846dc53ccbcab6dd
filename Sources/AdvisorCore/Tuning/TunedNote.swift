/// What was done with the values that a project keeps for its commands.
public enum TunedNote: Sendable, Hashable {
  case saved(path: String)
  /// Values, each by its knob's name, that were put into a command, and the day on which they were found.
  case used(values: [String: String], date: String, path: String)
  /// The same of a machine that is not like this one: kept as they are, or the CPU count instead.
  case usedElsewhere(values: [String: String], isCPUCount: Bool, machine: String, path: String)
  /// The kept value no longer holds.
  case outdated
}
