/// The profiles in a folder (`advisor.profiles/1`).
public struct ProfileList: Codable, Sendable, Hashable {
  public static let schema = "advisor.profiles/1"

  public var schema = Self.schema
  public var folder: String
  public var profiles: [ProfileEntry]

  public init(folder: String, profiles: [ProfileEntry]) {
    self.folder = folder
    self.profiles = profiles
  }
}

/// A profile's file in few words.
public struct ProfileEntry: Codable, Sendable, Hashable {
  public var path: String
  public var fingerprint: String?
  public var model: String?
  public var effectiveCPUs: Double?
  public var level: MachineProfile.Level?
  public var createdAt: String?
  /// Whether it describes the place where this program runs.
  public var isThisMachine = false
  /// Why it no longer describes this machine; nil while it does, and for other machines.
  public var staleness: String?
  /// Why it cannot be used; nil for a whole one.
  public var problem: String?

  public init(path: String, profile: MachineProfile) {
    self.path = path
    self.fingerprint = profile.fingerprint
    self.model = profile.machine.model
    self.effectiveCPUs = profile.machine.usable.effectiveCPUs
    self.level = profile.level
    self.createdAt = profile.createdAt
  }

  public init(path: String, problem: String) {
    self.path = path
    self.problem = problem
  }
}
