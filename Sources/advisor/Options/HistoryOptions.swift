import AdvisorCore
import ArgumentParser
import Console
import CostModel
import FoundationEssentials
import History
import System

/// Whether past runs are used and this one is remembered.
struct HistoryOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Use past runs, record this one.")
  var history = true

  /// Past runs that are looked at: after these, older ones hardly count.
  private static let horizon = 500

  /// The history, or nil with a note where it cannot be kept: that is never a reason to lose a run.
  func open() -> History? {
    guard history else { return nil }
    do {
      return try History(path: Self.path())
    } catch {
      Terminal.note("Going on without past runs: \(error.problem).")
      return nil
    }
  }

  static func path() throws(AdvisorError) -> String {
    let folder = try UserData.folder(
      environment: ProcessInfo.processInfo.environment, for: "the history", otherwise: "use --no-history")
    return "\(folder)/history.sqlite"
  }

  /// A model of the profile that has learnt from the past runs in the same place.
  func model(of profile: MachineProfile, _ history: History?) throws(AdvisorError) -> CostModel {
    let past = (try? history?.newest(Self.horizon, of: profile.fingerprint)) ?? []
    return try CostModel(profile: profile, history: past.reversed())
  }

  /// Past runs of the same command in the same place, the newest first.
  func runs(of command: String, on machine: Machine) -> [HistoryEntry] {
    let runs = (try? kept?.newest(Self.horizon, of: machine.fingerprint)) ?? []
    return runs.filter { $0.job == command }
  }

  /// Requests in flight with which the newest downloads in the same place have ended, of these hosts.
  func inFlight(to hosts: [String], on machine: Machine) -> [String: Int] {
    (try? kept?.inFlight(to: hosts, of: machine.fingerprint)) ?? [:]
  }

  /// The history where there is one: reading is no reason to make it.
  private var kept: History? {
    guard history, let path = try? Self.path(), FileManager.default.fileExists(atPath: path) else { return nil }
    return try? History(path: path)
  }

  /// Runs of commands and downloads that are over sooner are not worth the time that remembering them takes.
  private static let minSeconds = 1.0

  /// Remembers a run of commands, downloads or Python calls that went to its end.
  func remember(_ record: RunRecord, on machine: Machine) {
    guard record.observed.seconds >= Self.minSeconds, record.observed.failed == 0 else { return }
    add(record, of: machine.fingerprint, to: open()) { () in (seconds: nil, spread: 0) }
  }

  /// Remembers a run that went to its end.
  ///
  /// - Parameter now: the machine when it began; nil where nobody looked.
  func remember(_ record: RunRecord, profile: MachineProfile, now: MachineProfile?, in history: History?) {
    guard record.predicted != nil else { return }
    add(record, of: profile.fingerprint, now, to: history) { () throws(AdvisorError) in
      let unlearnt = try CostModel(profile: profile)
      return (
        seconds: try unlearnt.predict(record.job, plan: record.plan).seconds.p50,
        spread: try unlearnt.spread(record.job, plan: record.plan)
      )
    }
  }

  /// - Parameter unlearnt: the median without past runs, where a model has one, and how far it spreads.
  private func add(
    _ record: RunRecord, of fingerprint: String, _ now: MachineProfile? = nil, to history: History?,
    _ unlearnt: () throws(AdvisorError) -> (seconds: Double?, spread: Double)
  ) {
    guard let history else { return }
    do throws(AdvisorError) {
      let unlearnt = try unlearnt()
      try history.add(
        HistoryEntry(
          at: Date().formatted(.iso8601), fingerprint: fingerprint, job: record.job.text,
          jobClass: record.job.discrepancyClass.description, plan: record.plan, predicted: record.predicted?.seconds,
          unlearntSeconds: unlearnt.seconds, spread: unlearnt.spread,
          predictedCPUSeconds: record.predicted?.cpuSeconds, observed: record.observed,
          otherThreads: now?.presentLoad?.threads, warmMemoryBytes: now?.warmMemoryBytes))
      if let hosts = record.downloads?.hosts { try history.add(inFlight: hosts, of: fingerprint) }
    } catch {
      Terminal.note("This run is not remembered: \(error.problem).")
    }
  }
}
