private import CLinux
private import Glibc

/// This process: who it is, what it has used, and how it ends.
package enum OwnProcess {
  package static var id: Int32 { getpid() }
  package static var parent: Int32 { getppid() }
  package static var user: UInt32 { getuid() }
  /// The user whose rights it has.
  package static var effectiveUser: UInt32 { geteuid() }

  /// CPU time of this process and of the children that it has reaped, in seconds.
  package static var cpuSeconds: Double {
    [RUSAGE_SELF.rawValue, RUSAGE_CHILDREN.rawValue].reduce(0) { sum, whose in
      var usage = rusage()
      getrusage(Int32(whose), &usage)
      return sum + usage.ru_utime.seconds + usage.ru_stime.seconds
    }
  }

  /// Has the kernel kill this process when the thread that started it ends. Returns 0 or the errno.
  @discardableResult
  package static func dieWithParent() -> Int32 { clinux_die_with_parent() }

  /// Makes this process the parent of all descendants that lose theirs, so that it can wait for them. Returns 0 or the errno.
  @discardableResult
  package static func adoptOrphans() -> Int32 { clinux_adopt_orphans() }

  /// In the first process of a container (PID 1), has a child do the work from here on; returns at once in any other.
  package static func workBelowInit() { clinux_work_below_init() }

  /// Kills a process that this one has started or adopted, and has not reaped.
  package static func kill(_ process: Int32) { _ = Glibc.kill(process, SIGKILL) }

  package static func exit(_ status: Int32) -> Never { Glibc.exit(status) }

  /// Becomes a program, looked up on `PATH`; returns only where that fails.
  ///
  /// - Parameter arguments: the program's name first, and nil after the last.
  package static func become(
    _ program: UnsafePointer<CChar>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  ) -> Errno {
    execvp(program, arguments)
    return .last
  }

  /// The same with arguments in bytes, the program's name first.
  package static func become(_ arguments: [[UInt8]]) -> Errno {
    withCStrings(arguments) { arguments in arguments[0].map { become($0, arguments) } ?? .noSuchFileOrDirectory }
  }
}

extension timeval {
  fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) * 1e-6 }
}
