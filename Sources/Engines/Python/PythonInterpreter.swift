public import AdvisorCore

/// A Python interpreter of this machine.
public struct PythonInterpreter: Sendable, Hashable {
  /// `asyncio.to_thread` came with it, and the last security fixes of what came before are of 2024.
  public static let minVersion = [3, 9]

  /// As it was asked for: a name on `PATH`, or a path.
  public var name: String
  /// Its own path, past whatever script may stand on `PATH` in its place.
  public var path: String
  public var version: String

  /// Asks an interpreter who it is.
  ///
  /// - Parameter name: on `PATH`, or a path.
  /// - Throws: ``AdvisorError`` (unavailable) where there is none by that name, where it is no Python, or too old a one.
  public init(_ name: String) throws(AdvisorError) {
    let lines = try Self.answer(of: name)
    guard lines.count == 2, let version = Self.numbers(lines[0]) else { throw Self.isNoPython(name, lines.first) }
    guard !version.lexicographicallyPrecedes(Self.minVersion) else { throw Self.isTooOld(name, lines[0]) }
    (self.name, self.version) = (name, lines[0])
    path = lines[1].isEmpty ? name : lines[1]
  }

  /// In words of every version since 2.0.
  private static let question = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.executable)"

  private static func answer(of name: String) throws(AdvisorError) -> [String] {
    let process: LineProcess
    do {
      process = try LineProcess([name, "-c", question])
    } catch  where error.code == .unavailable {
      throw isMissing(name)
    }
    var lines: [String] = []
    while lines.count < 2 {
      switch process.next(within: 30) {
      case .line(let line): lines.append(line)
      case .end: throw isNoPython(name, lines.first ?? process.lastComplaint)
      case .nothingYet: throw isNoPython(name, "nothing for 30 s")
      }
    }
    return lines
  }

  private static func numbers(_ version: String) -> [Int]? {
    let parts = version.split(separator: ".").map { Int($0) }
    return parts.count == 3 && parts.allSatisfy { $0 != nil } ? parts.compactMap(\.self) : nil
  }

  private static var needed: String { "Python \(minVersion.map(String.init).joined(separator: ".")) or later" }

  static func isMissing(_ name: String) -> AdvisorError {
    AdvisorError(
      .unavailable, "there is no Python interpreter “\(name.printable)”",
      advice: "install \(needed) (on Debian: apt-get install python3), or name one that is there, such as python3")
  }

  private static func isNoPython(_ name: String, _ said: String?) -> AdvisorError {
    let words = said.map { ": asked for its version it said “\($0.printable.prefix(60))”" } ?? ""
    return AdvisorError(
      .unavailable, "“\(name.printable)” is not a Python interpreter\(words)",
      advice: "name \(needed), such as python3")
  }

  static func isTooOld(_ name: String, _ version: String) -> AdvisorError {
    AdvisorError(
      .unavailable, "“\(name.printable)” is Python \(version), and \(needed) is needed",
      advice: "name a newer interpreter: python3, or its path")
  }
}
