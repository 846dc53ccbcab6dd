import AdvisorCore
import Console
import FoundationEssentials
import History
import Tasks
import Tuning

/// What the history knows of a command that is tried here, and is told of it.
struct TrialHistory {
  private let history: History?
  private let place: TrialPlace
  /// Past tunings that are looked through for one of the same objective.
  private static let horizon = 20

  init(_ options: HistoryOptions, _ place: TrialPlace) { (history, self.place) = (options.open(), place) }

  /// The newest tuning of the command in this place; nil where none is known.
  ///
  /// - Parameter objective: as the user named it.
  func newestTuning(_ objective: String) -> TuningEntry? {
    let past = try? history?.newestTunings(Self.horizon, of: place)
    return past?.first { $0.objective == objective }
  }

  /// Remembers a tuning that has an answer.
  func remember(_ report: TuningReport) {
    guard let entry = TuningEntry(report, at: now, place: place) else { return }
    remember { (history) throws(AdvisorError) in try history.add(entry) }
  }

  /// Remembers a pilot, with what it has led to.
  func remember(_ pilot: CommandPilot, inputs: Int, _ advice: Recommendation) {
    let best = advice.recommended
    let entry = PilotEntry(
      at: now, place: place, inputs: inputs, tried: pilot.tasks, seconds: pilot.spentSeconds,
      plan: Plan(strategy: best.strategy, workers: best.workers, chunk: best.chunk), predicted: best.predicted.seconds)
    remember { (history) throws(AdvisorError) in try history.add(entry) }
  }

  private var now: String { Date().formatted(.iso8601) }

  /// A history that cannot be written is no reason to lose an answer.
  private func remember(_ add: (History) throws(AdvisorError) -> Void) {
    guard let history else { return }
    do throws(AdvisorError) { try add(history) } catch {
      Terminal.note("This is not remembered: \(error.problem).")
    }
  }
}

extension TrialPlace {
  init(_ command: TunedCommand, on machine: Machine) { self.init(words: command.words, on: machine) }

  init(words: [[UInt8]], on machine: Machine) {
    self.init(
      fingerprint: machine.fingerprint, folder: FileManager.default.currentDirectoryPath,
      command: ShellQuoting.typed(words))
  }
}
