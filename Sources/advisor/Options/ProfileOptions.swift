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
    if let found = try named() { return try CostModel(profile: found.profile) }
    let environment = ProcessInfo.processInfo.environment
    guard let found = try? ProfileStore.user(environment: environment).profile(of: machine.fingerprint) else {
      return nil
    }
    return try CostModel(profile: found.profile.besidePresentLoad())
  }

  private func saved(in store: ProfileStore, for machine: Machine) throws(AdvisorError) -> ProfileStore.Found? {
    guard var found = try store.profile(of: machine.fingerprint) else {
      Terminal.note("No profile of this machine yet: measuring it now, which takes five seconds.")
      return nil
    }
    guard let reason = found.profile.staleness(on: machine, now: Date()) else {
      found.profile = found.profile.limited(by: machine.limits)
      return found
    }
    Terminal.note("The saved profile is stale (\(reason)): measuring again, which takes five seconds.")
    return nil
  }
}
