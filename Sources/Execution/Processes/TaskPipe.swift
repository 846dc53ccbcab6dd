internal import AdvisorCore
private import CLinux
private import Glibc

/// A pipe between this process and one that it starts.
enum TaskPipe {
  /// - Throws: `AdvisorError` (temporary) when the system is short of descriptors.
  static func make() throws(AdvisorError) -> (read: Int32, write: Int32) {
    var (read, write): (Int32, Int32) = (-1, -1)
    let code = clinux_pipe(&read, &write)
    guard code == 0 else {
      throw AdvisorError(
        .temporary, "cannot make a pipe for a task: \(String(cString: strerror(-code)))",
        advice: "use fewer workers, or raise the limit on open files (ulimit -n)")
    }
    return (read, write)
  }

  static func close(_ ends: [Int32]) {
    for end in ends where end >= 0 { Glibc.close(end) }
  }
}
