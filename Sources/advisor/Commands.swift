import AdvisorCore
import Glibc

/// The program with all commands: beside this one where it was built, below `libexec` where it is installed.
enum Commands {
  private static let name = "advisor-commands"

  /// Becomes that program, with the arguments of this one.
  ///
  /// - Throws: ``AdvisorError`` where it cannot be started; else this does not return.
  static func run() throws(AdvisorError) -> Never {
    let folder = try folder()
    let places = ["\(folder)/\(name)", "\(folder)/../libexec/advisor/\(name)"]
    for place in places where access(place, X_OK) == 0 { execv(place, CommandLine.unsafeArgv) }
    throw AdvisorError(
      .unavailable, "cannot start \(places[0]), nor \(places[1]): \(String(cString: strerror(errno)))",
      advice: "keep the two programs together: `make release` builds both, `make install` puts each in its place")
  }

  /// Where this program's file lies, whichever link it was called by.
  private static func folder() throws(AdvisorError) -> String {
    let path = OwnProgram.path
    guard let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      throw AdvisorError(
        .unavailable, "cannot read /proc/self/exe: \(String(cString: strerror(errno)))",
        advice: "run advisor where /proc is mounted")
    }
    return String(path[..<end])
  }
}
