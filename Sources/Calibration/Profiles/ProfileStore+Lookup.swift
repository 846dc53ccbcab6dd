public import AdvisorCore
import Documents
public import FoundationEssentials
import Probe

extension ProfileStore {
  /// A profile with the file that it came from.
  public struct Found: Sendable {
    public var profile: MachineProfile
    public var path: String

    public init(profile: MachineProfile, path: String) {
      self.profile = profile
      self.path = path
    }
  }

  /// The profile in a file.
  ///
  /// - Throws: ``AdvisorError`` where the file cannot be read, is no profile, or one of another version.
  public static func load(_ path: String) throws(AdvisorError) -> Found {
    Found(profile: try profile(from: try JSONDocument.contents(of: path), of: path).withinCPUs, path: path)
  }

  /// - Parameter path: where it is from, in words.
  static func profile(from data: Data, of path: String) throws(AdvisorError) -> MachineProfile {
    let decoded = Result { () throws(AdvisorError) in
      try JSONDocument.decode(MachineProfile.self, from: data, of: path)
    }
    // One of another version may hold other values.
    let schema =
      if case .success(let profile) = decoded { profile.schema } else {
        try JSONDocument.decode(Header.self, from: data, of: path).schema
      }
    guard schema == MachineProfile.schema else {
      throw AdvisorError(
        .badData, "\(path) says that it is \(schema.quoted), not \(MachineProfile.schema)",
        advice: "name a profile that `advisor calibrate` of this version made")
    }
    let profile = try decoded.get()
    try profile.checkFigures(path)
    return profile
  }

  /// The saved profile of this very place to run; nil where there is none yet.
  ///
  /// - Throws: ``AdvisorError`` where there is one but it is damaged.
  public func profile(of fingerprint: String) throws(AdvisorError) -> Found? {
    let path = path(of: fingerprint)
    guard Self.isFile(path) else { return nil }
    return try Self.load(path)
  }

  /// The profile that `$ADVISOR_PROFILE` names, else the saved one of this machine, for programs that leave measuring to
  /// `advisor calibrate`.
  ///
  /// - Throws: `.unavailable` where there is none yet; as ``load(_:)`` where there is one but it is damaged.
  public static func profileOfThisMachine(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(AdvisorError) -> MachineProfile {
    if let path = environment["ADVISOR_PROFILE"], !path.isEmpty { return try load(path).profile }
    let store = try user(environment: environment)
    let fingerprint = try Prober.live.machine().fingerprint
    guard let found = try store.profile(of: fingerprint) else {
      throw AdvisorError(
        .unavailable, "there is no profile of this machine in \(store.folder)",
        advice: "run `advisor calibrate` once, or name a profile in ADVISOR_PROFILE")
    }
    return found.profile
  }

  private struct Header: Decodable { var schema: String }
}

extension MachineProfile {
  /// Figures that no measurement gives would mislead every prediction.
  fileprivate func checkFigures(_ path: String) throws(AdvisorError) {
    var (profile, bad) = (self, String?.none)
    profile.forEachFigure { name, estimate in bad = bad ?? (estimate.isPlausible ? nil : name) }
    let elsewhere = engines.flatMap(\.namedEstimates) + runtimes.flatMap(\.namedEstimates)
    bad = bad ?? elsewhere.first { !$0.1.isPlausible }?.0
    bad = bad ?? machine.impossibleFigure
    guard bad == nil else {
      throw AdvisorError(
        .badData, "\(path) holds a figure that cannot be: \(bad ?? "")",
        advice: "make a new one with `advisor calibrate --output \(path)`")
    }
  }
}

extension Machine {
  /// What no machine has, in words; nil where all is well.
  fileprivate var impossibleFigure: String? {
    guard usable.effectiveCPUs > 0, usable.logicalCPUs > 0 else { return "a machine without usable CPUs" }
    let bytes =
      [usable.memoryBytes, limits.memoryBytes] + numa.flatMap { [$0.memoryBytes, $0.freeBytes] }
      + caches.map(\.sizeBytes)
    if bytes.contains(where: { ($0 ?? 0) < 0 }) { return "memory of less than no bytes" }
    let others = [
      limits.cpuQuota, limits.cpuPeriodSeconds, limits.pids.map(Double.init), limits.openFiles.map(Double.init),
    ]
    return others.contains { ($0 ?? 0) < 0 } ? "a limit below zero" : nil
  }
}

extension Estimate {
  fileprivate var isPlausible: Bool {
    [value, low, high].allSatisfy { $0.isFinite && $0 >= 0 } && low <= high && samples >= 0
  }
}
