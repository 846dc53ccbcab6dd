private import Glibc
package import AdvisorCore

/// Why a file or a folder cannot be made or written to.
package struct WriteFault: Error, Hashable, Sendable {
  package let code: Int32
  /// Whether it is there already and another user may have put it there, to have something else overwritten.
  package let isPlanted: Bool

  package init(_ code: Int32) { (self.code, isPlanted) = (code, false) }

  package init(_ errno: Errno) { self.init(errno.code) }

  private init() { (code, isPlanted) = (EPERM, true) }

  package static let planted = WriteFault()

  package var reason: String {
    isPlanted
      ? "another user may have put it there, as others may write in its folder" : Errno(code).text
  }

  /// What the body gives; its fault is thrown as an error that names the path.
  package static func named<Value: ~Copyable>(
    _ path: String, advice: String? = nil, _ body: () throws(WriteFault) -> Value
  ) throws(AdvisorError) -> Value {
    do { return try body() } catch { throw error.error(path, advice: advice) }
  }

  /// - Parameter advice: what to do where that is not clear from the fault.
  package func error(_ path: String, advice: String? = nil) -> AdvisorError {
    let problem = "cannot write to “\(path.printable)”: \(reason)"
    return switch (code, isPlanted) {
    case (_, true): AdvisorError(.cannotWrite, problem, advice: "remove it, or name a file in a folder of your own")
    case (EMFILE, _), (ENFILE, _):
      AdvisorError(.temporary, problem, advice: "use fewer workers, or raise the limit on open files (ulimit -n)")
    default:
      AdvisorError(
        .cannotWrite, problem,
        advice: advice ?? "check that the folder is there, that you may write to it and that its disk has room")
    }
  }
}
