import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import FoundationEssentials
import Probe
import System

/// Which machine's costs are used.
struct ProfileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Profile; default $ADVISOR_PROFILE, else the saved one.", valueName: "file"))
  var profile: String?

  @Flag(
    name: .customLong("no-refresh"),
    help: ArgumentHelp("Leave poor figures of the saved profile as they are.", visibility: .rare))
  var keepsPoorFigures = false

  /// What a run may take to measure poor figures again, in seconds.
  private static let refreshSeconds = 0.3

  /// The profile that was named, the one saved for this machine, or one that is measured now.
  ///
  /// - Parameter machine: this machine, where it has been probed already.
  func resolve(on machine: Machine? = nil) throws(AdvisorError) -> ProfileStore.Found {
    if let found = try named() { return found }
    let machine = if let machine { machine } else { try Prober.live.machine() }
    let store = try ProfileStore.user(environment: ProcessInfo.processInfo.environment)
    if let found = try saved(in: store, for: machine) { return found }
    let measured = try Measurement.calibrate(machine, .quick).keepingOthers(of: store.path(of: machine.fingerprint))
    return ProfileStore.Found(profile: measured, path: try save(measured, in: store))
  }

  /// A folder that cannot be written is no reason to keep the advice back; figures that cannot be are.
  private func save(_ profile: MachineProfile, in store: ProfileStore) throws(AdvisorError) -> String {
    do throws(AdvisorError) {
      let path = try store.save(profile)
      Terminal.note("saved: \(path)")
      return path
    } catch {
      guard error.code == .cannotWrite else { throw error }
      Terminal.note("Not saved: \(error.problem).")
      return "this run only"
    }
  }

  /// The profile that the option or the environment names; nil where neither does.
  func named() throws(AdvisorError) -> ProfileStore.Found? {
    guard let path = profile ?? Environment.value("ADVISOR_PROFILE"), !path.isEmpty else {
      return nil
    }
    return try ProfileStore.load(path)
  }

  /// The cost model of a profile that is there; a command is not worth calibrating first, its own tasks tell its costs.
  func savedModel(of machine: Machine) throws(AdvisorError) -> CostModel? {
    try found(for: machine).map { found throws(AdvisorError) in try CostModel(profile: found.profile) }
  }

  /// The same for a run that is about to begin here.
  func modelOfNow(on machine: Machine) throws(AdvisorError) -> CostModel? {
    try found(for: machine).map { found throws(AdvisorError) in
      let profile = try named() == nil ? refreshed(found, on: machine) : found.profile
      return try CostModel(profile: profile.besidePresentLoad())
    }
  }

  /// Measures poor figures of the saved profile again, after a run beside which that is short.
  func refresh(on machine: Machine, afterSeconds seconds: Double) throws(AdvisorError) {
    guard seconds >= 20 * Self.refreshSeconds, try named() == nil, let found = try found(for: machine) else { return }
    _ = refreshed(found, on: machine)
  }

  private func found(for machine: Machine) throws(AdvisorError) -> ProfileStore.Found? {
    if let found = try named() { return found }
    return try? ProfileStore.user(environment: ProcessInfo.processInfo.environment).profile(of: machine.fingerprint)
  }

  /// With the figures that a disturbed calibration has left poor measured again, where the machine is quiet now.
  private func refreshed(_ found: ProfileStore.Found, on machine: Machine) -> MachineProfile {
    guard !keepsPoorFigures, !found.profile.poorParts.isEmpty, QuietMoment.isNow(on: machine),
      let profile = found.profile.refreshed(on: machine, within: Self.refreshSeconds)
    else { return found.profile }
    // A folder that cannot be written leaves the figures poor for the next run.
    guard (try? ProfileStore.write(profile, to: found.path)) != nil else { return profile }
    let parts = Set(found.profile.poorParts.map(\.part)).subtracting(profile.poorParts.map(\.part)).sorted()
    Terminal.note("measured again, now that the machine is quiet: \(parts.joined(separator: ", "))")
    return profile
  }

  private func saved(in store: ProfileStore, for machine: Machine) throws(AdvisorError) -> ProfileStore.Found? {
    guard var found = try store.profile(of: machine.fingerprint) else {
      Terminal.note("No profile of this machine yet: measuring it now, which takes five seconds.")
      return nil
    }
    guard let reason = found.profile.staleness(on: machine, now: Date()) else {
      found.profile = refreshed(found, on: machine).limited(by: machine.limits)
      return found
    }
    Terminal.note("The saved profile is stale (\(reason)): measuring again, which takes five seconds.")
    return nil
  }
}
