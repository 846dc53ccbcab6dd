private import Glibc

/// What sysconf(3) says of this system.
package enum SystemConstant {
  /// Bytes of a page of memory.
  package static var pageBytes: Int { sysconf(Int32(_SC_PAGESIZE)) }
  /// Bytes that a program's arguments and environment may have together.
  package static var maxArgumentBytes: Int { sysconf(Int32(_SC_ARG_MAX)) }
  /// Clock ticks in a second, in which procfs counts CPU time.
  package static var ticksPerSecond: Int { sysconf(Int32(_SC_CLK_TCK)) }
  /// CPUs that are online.
  package static var onlineCPUs: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }
}

/// What the running kernel says of itself (uname(2)).
package struct KernelName: Sendable {
  /// The host's name.
  package let node: String
  package let release: String
  /// The architecture, such as `x86_64`.
  package let machine: String

  /// Nil where the system does not say.
  package init?() {
    var names = utsname()
    guard uname(&names) == 0 else { return nil }
    node = Self.text(names.nodename)
    release = Self.text(names.release)
    machine = Self.text(names.machine)
  }

  private static func text<Field>(_ field: Field) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

/// A limit of this process (getrlimit(2)): the soft one is in force, and can be raised to the hard one.
package struct ResourceLimit: Sendable {
  package enum Resource: Sendable { case openFiles, processes }

  /// `UInt64.max` is none (`RLIM_INFINITY`).
  package var soft: UInt64
  package var hard: UInt64

  /// Nil where the system does not say.
  package init?(_ resource: Resource) {
    var limit = rlimit()
    guard getrlimit(resource.number, &limit) == 0 else { return nil }
    (soft, hard) = (UInt64(limit.rlim_cur), UInt64(limit.rlim_max))
  }

  /// Sets the soft limit of this process. Returns 0 or the errno.
  @discardableResult
  package func apply(to resource: Resource) -> Int32 {
    var limit = rlimit(rlim_cur: rlim_t(soft), rlim_max: rlim_t(hard))
    return setrlimit(resource.number, &limit) == 0 ? 0 : errno
  }
}

extension ResourceLimit.Resource {
  fileprivate var number: __rlimit_resource_t {
    switch self {
    case .openFiles: __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    case .processes: __rlimit_resource_t(__RLIMIT_NPROC.rawValue)
    }
  }
}
