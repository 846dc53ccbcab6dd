import AdvisorCore
import Console
import FoundationEssentials
import Probe
import Reports
import System
import Tasks
import Tuning

/// The tuned values of the project in the working directory, for this machine.
struct TunedProject {
  let cpus: Int
  private let machine: MachineClass
  private let path: String?

  init(_ machine: Machine) throws(AdvisorError) {
    let count = CPUCount(machine.usable, machine.limits, environment: Environment.value)
    cpus = count.choices.build
    self.machine = MachineClass(machine, cpus: cpus)
    path = TunedValues.path(from: FileManager.default.currentDirectoryPath)
  }

  /// The kept values of a command, in the order of its knobs.
  ///
  /// - Throws: ``AdvisorError`` (badData) where there are none for such a machine.
  func required(_ command: TunedCommand) throws(AdvisorError) -> [String] {
    let text = ShellQuoting.typed(command.words)
    guard let path, let entry = try TunedValues.read(path).entry(of: text, on: machine) else {
      throw AdvisorError(
        .badData, "\(path ?? TunedValues.fileName) has no value of \(text.quoted) for \(machine.text)",
        advice: "keep one: advisor tune --save -- \(text)")
    }
    return command.knobs.compactMap { entry.values[$0.name] }
  }

  /// That the values can be saved later: the file may be written, and holds such values where it is there.
  func checkFile() throws(AdvisorError) {
    if let path { _ = try TunedValues.read(path) }
    try AtomicFile.check(path ?? TunedValues.fileName)
  }

  func save(_ values: [String: String], of command: TunedCommand) throws(AdvisorError) {
    let path = path ?? TunedValues.fileName
    var all = FileStatus(path: path) == nil ? TunedValues() : try TunedValues.read(path)
    let day = String(Date().formatted(.iso8601).prefix(10))
    all.set(TunedValues.Entry(command: ShellQuoting.typed(command.words), machine: machine, values: values, date: day))
    try all.write(to: path)
    Terminal.note(Sentences().text(.saved(path: path)))
  }

  /// The words of a command with the values that the project here keeps for it; nil where it has no place for one, or none is kept.
  ///
  /// - Throws: ``AdvisorError`` where there is a place, and the file that may keep a value cannot be read.
  static func words(_ words: [[UInt8]]) throws(AdvisorError) -> [[UInt8]]? {
    guard Knob.hasPlace(in: words),
      let path = TunedValues.path(from: FileManager.default.currentDirectoryPath)
    else { return nil }
    let text = ShellQuoting.typed(words)
    let kept = try TunedValues.read(path).tuned.filter { $0.command == text }
    return kept.isEmpty ? nil : try TunedProject(Prober.live.machine()).words(words, path, kept)
  }

  /// The words with the values that are kept for this machine, or else for another; there are some.
  private func words(_ words: [[UInt8]], _ path: String, _ all: [TunedValues.Entry]) -> [[UInt8]]? {
    guard let any = all.first else { return nil }
    let alike = all.first { $0.machine.isAlike(machine) }
    let entry = alike ?? any
    let isCount = entry.values.count == 1 && entry.values.keys.allSatisfy(Knob.counting.contains)
    let values = alike == nil && isCount ? entry.values.mapValues { _ in "\(cpus)" } : entry.values
    let note: TunedNote =
      alike == nil
      ? .usedElsewhere(values: values, isCPUCount: isCount, machine: entry.machine.text, path: path)
      : .used(values: values, date: entry.date, path: path)
    Terminal.note(Sentences().text(note))
    return TunedCommand.arguments(words, values)
  }
}
