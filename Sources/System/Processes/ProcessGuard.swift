public import AdvisorCore
private import CLinux
private import Glibc

/// Kills the groups of the children that are entered with it when this process ends, even by SIGKILL: a small process of
/// its own that waits for nothing else.
///
/// What has left its group (`setsid`) is out of its reach.
public final class ProcessGuard {
  /// A place for one child at a time, which must not outlive the guard.
  ///
  /// `@unchecked Sendable`: it points into memory that is shared with the guard's process, where each place is written by one at
  /// a time: the child that enters it, and once that has ended or could not start, who has reaped it.
  public struct Entry: @unchecked Sendable {
    let pointer: OpaquePointer
    let index: Int

    func clear() { clinux_guard_forget(pointer, index) }

    /// Notes that a token of a job server is held for the child; nil that none is any more.
    package func hold(_ token: UInt8?) { clinux_guard_hold(pointer, index, token.map(Int32.init) ?? -1) }
  }

  private let pointer: OpaquePointer

  /// - Parameters:
  ///   - capacity: children at once.
  ///   - tokens: a descriptor that the tokens are written back to which the entries still hold; nil where there are none.
  /// - Throws: `AdvisorError` (temporary) when the system is short of processes, descriptors or memory.
  public init(capacity: Int, tokens: Int32? = nil) throws(AdvisorError) {
    var pointer: OpaquePointer?
    let code = clinux_guard_start(capacity, tokens ?? -1, &pointer)
    guard code == 0, let pointer else {
      throw AdvisorError(
        .temporary, "cannot start the process that guards the tasks: \(Errno(code).text)",
        advice: "raise the limit on processes, open files or memory")
    }
    self.pointer = pointer
  }

  deinit { clinux_guard_end(pointer) }

  /// The guard's own process, a child of this one.
  package var process: Int32 { clinux_guard_process(pointer) }

  /// - Parameter index: from 0, below the capacity.
  public func entry(_ index: Int) -> Entry { Entry(pointer: pointer, index: index) }
}
