import AdvisorCore
import System

/// Why a process cannot be observed.
enum ObservationFault {
  static func unreadable(_ process: Int32) -> AdvisorError {
    if FileAccess.exists("/proc/self/stat") { return gone(process) }
    return AdvisorError(
      .unavailable, "cannot read /proc: \(Errno.last.text)",
      advice: "mount it: mount -t proc proc /proc")
  }

  private static func gone(_ process: Int32) -> AdvisorError {
    AdvisorError(
      .unavailable, "there is no process \(process), or /proc hides it (hidepid)",
      advice: "look for its number with `pgrep -a NAME`; run as its user or as root where /proc hides others' processes"
    )
  }

  static func kernelThread(_ process: Int32, _ name: String) -> AdvisorError {
    AdvisorError(
      .usage, "\(process) is the kernel's own thread \(name.quoted), which waits for nothing that a user could change",
      advice: "name a process, or see the whole machine: advisor why")
  }

  static func zombie(_ process: Int32, _ name: String) -> AdvisorError {
    AdvisorError(
      .unavailable, "process \(process) (\(name.quoted)) has ended, and its parent has not asked how",
      advice: "name a process that runs: ps -o pid,stat,args")
  }
}
