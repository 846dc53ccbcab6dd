public import AdvisorCore
import Documents
private import FoundationEssentials
import System

/// Where a user's profiles are kept: `$XDG_DATA_HOME/advisor/profiles`, one file a machine fingerprint.
public struct ProfileStore: Sendable {
  public let folder: String

  public init(folder: String) { self.folder = folder }

  /// The folder that the XDG base directory specification names for this user.
  ///
  /// - Throws: ``AdvisorError`` where neither `XDG_DATA_HOME` nor `HOME` says where that is.
  public static func user(environment: [String: String]) throws(AdvisorError) -> ProfileStore {
    let folder = try UserData.folder(
      environment: environment, for: "profiles", otherwise: "name a file with --output and --profile")
    return ProfileStore(folder: "\(folder)/profiles")
  }

  public func path(of fingerprint: String) -> String { "\(folder)/\(fingerprint).json" }

  /// Saves a profile under its fingerprint; returns the path.
  @discardableResult
  public func save(_ profile: MachineProfile) throws(AdvisorError) -> String {
    try makeFolder()
    let path = path(of: profile.fingerprint)
    try Self.write(profile, to: path)
    return path
  }

  /// Writes a profile to a file, and makes sure that every command will load it from there.
  ///
  /// - Throws: ``AdvisorError``: badData for a profile that none would load, and the file stays as it was; cannotWrite where
  ///   it cannot be written, or does not hold what was written.
  public static func write(_ profile: MachineProfile, to path: String) throws(AdvisorError) {
    let data = try JSONDocument.data(of: profile.withinCPUs)
    do throws(AdvisorError) {
      _ = try Self.profile(from: data, of: "what was measured")
    } catch {
      throw AdvisorError(
        .badData, "the calibration failed, and \(path) stays as it was: \(error.problem)",
        advice: "calibrate again when the machine is quieter")
    }
    try AtomicFile.write(Array(data), to: path)
    // Of a pipe or a terminal nothing can be read back.
    guard FileManager.default.isRegularFile(path) else { return }
    guard try JSONDocument.contents(of: path) == data else {
      throw AdvisorError(
        .cannotWrite, "\(path) does not hold what was written to it",
        advice: "check its disk, or name another file with --output")
    }
  }

  /// The paths of all saved profiles, in order of their names.
  public func paths() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }.filter(Self.isFile)
  }

  /// A pipe in a profile's place would be waited for.
  static func isFile(_ path: String) -> Bool {
    FileStatus(path: path)?.isFile == true
  }

  /// Makes the folder where it is not there yet.
  public func makeFolder() throws(AdvisorError) {
    _ = try WriteFault.named(folder, advice: "check its permissions, or name a file with --output") {
      () throws(WriteFault) in try ResolvedPath.folder(folder, making: 0o700)
    }
  }
}

extension FileManager {
  fileprivate func isRegularFile(_ path: String) -> Bool {
    (try? attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeRegular
  }
}
