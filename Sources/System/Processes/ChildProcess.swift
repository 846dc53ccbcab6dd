public import AdvisorCore
private import CLinux
private import Glibc

/// A program that this process started and must reap; one that is dropped is killed with its group and reaped.
///
/// It is started by `vfork`, so that the cost does not grow with this process's memory.
public struct ChildProcess: ~Copyable {
  public let id: Int32
  /// Turns readable when the child ends (a pidfd): for poll and epoll. It stays owned by this value.
  public let descriptor: Int32
  private static let maxBusyTries = 50
  private let leadsGroup: Bool
  /// Who kills its group should this process end first.
  private let protection: ProcessGuard.Entry?

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - launch: the program, its arguments and its surroundings.
  ///   - protection: an entry of a guard, for a child that leads a group; no other child has the same one.
  /// - Throws: `.unavailable` where there is no such program or it may not be run, `.temporary` where a limit on
  ///   processes, descriptors or memory is reached; both name the program.
  public init(_ launch: Launch, protection: ProcessGuard.Entry? = nil) throws(AdvisorError) {
    self.init(try Self.start(launch, protection), protection: protection)
  }

  /// A program that another thread has started; it is nobody's yet.
  struct Started: Sendable {
    var id: Int32
    var descriptor: Int32
    var leadsGroup: Bool
  }

  init(_ started: Started, protection: ProcessGuard.Entry?) {
    (id, descriptor, leadsGroup) = (started.id, started.descriptor, started.leadsGroup)
    self.protection = protection
  }

  /// - Throws: as ``init(_:protection:)``.
  static func start(_ launch: Launch, _ protection: ProcessGuard.Entry?) throws(AdvisorError) -> Started {
    guard let program = launch.program ?? launch.arguments.first, !program.isEmpty else {
      throw AdvisorError(.usage, "there is no program to start", advice: "name one, as in `-- gzip -k {}`")
    }
    var id: Int32 = 0
    var code = Self.spawn(program, launch, protection, &id)
    // A program just written may for a moment be open in a child that another thread is about to start.
    for _ in 0..<Self.maxBusyTries where code == ETXTBSY {
      usleep(1000)
      code = Self.spawn(program, launch, protection, &id)
    }
    guard code == 0 else { throw Self.refusal(of: launch, program, code) }
    let descriptor = clinux_pidfd_open(id)
    guard descriptor >= 0 else {
      _ = kill(id, SIGKILL)
      _ = Self.reap(id, protection)
      throw Self.refusal(of: launch, program, -descriptor)
    }
    return Started(id: id, descriptor: descriptor, leadsGroup: launch.ownGroup)
  }

  deinit {
    killGroup(SIGKILL)
    _ = Self.reap(id, protection)
    _ = close(descriptor)
  }

  /// Waits until the child has ended, and reaps it.
  public consuming func wait() -> Exit {
    let exit = Self.reap(id, protection)
    _ = close(descriptor)
    discard self
    return exit
  }

  /// Whether the child ends within that time; it stays to be reaped by ``wait()``.
  public func ends(within timeout: Duration) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let milliseconds = timeout.components.seconds * 1000 + timeout.components.attoseconds / 1_000_000_000_000_000
    return poll(&entry, 1, Int32(clamping: milliseconds)) > 0
  }

  /// The signal that has stopped it, so that it waits for `SIGCONT`; nil where none has.
  package var stopSignal: Int32? {
    let signal = clinux_stopped_by(id)
    return signal > 0 ? signal : nil
  }

  /// Sends a signal to the child, and to all of its group where it leads one.
  public func killGroup(_ signal: Int32) {
    // Where a tool makes a fork of vfork, as the sanitizer of threads does, the group may not be there yet.
    guard !leadsGroup || kill(-id, signal) < 0 else { return }
    _ = kill(id, signal)
  }
}

extension ChildProcess {
  /// Starts the launch as C sees it. Returns 0 or the errno.
  private static func spawn(
    _ program: String, _ launch: Launch, _ protection: ProcessGuard.Entry?, _ id: inout Int32
  ) -> Int32 {
    withProgram(program, launch) { program, arguments in
      withOptionalCStrings(launch.environment) { environment in
        withOptionalCStrings(launch.variables.isEmpty ? nil : launch.variables) { variables in
          withOptionalCString(launch.directory) { directory in
            launch.inherited.withUnsafeBufferPointer { inherited in
              var request = clinux_spawn(
                program: program, arguments: arguments, environment: environment, variables: variables,
                directory: directory,
                input: launch.input ?? -1, output: launch.output ?? -1, error: launch.error ?? -1,
                kept: inherited.baseAddress, kept_count: inherited.count,
                new_group: launch.ownGroup, new_session: launch.ownSession, nice: launch.niceness,
                guard: protection?.pointer,
                guard_entry: protection?.index ?? 0)
              return clinux_spawn(&request, &id)
            }
          }
        }
      }
    }
  }

  /// Reaps the other children of this process that have ended: those that it has adopted
  /// (``OwnProcess/adoptOrphans()``). There must be no other ``ChildProcess``.
  package func reapOthers() -> [Exit] {
    var exits: [Exit] = []
    var result = clinux_exit()
    while clinux_reap_other(id, &result) { exits.append(Exit(result)) }
    return exits
  }

  /// Reaps the child, which is ours and unreaped: `wait4` cannot fail.
  private static func reap(_ id: Int32, _ protection: ProcessGuard.Entry?) -> Exit {
    protection?.clear()
    var result = clinux_exit()
    _ = clinux_wait(id, &result)
    return Exit(result)
  }

  private static func refusal(of launch: Launch, _ program: String, _ code: Int32) -> AdvisorError {
    let problem = "cannot start “\(program)”: \(Errno(code).text)"
    switch code {
    case ENOENT where launch.directory != nil:
      return AdvisorError(.unavailable, problem, advice: "check its spelling, PATH and the working directory")
    case ENOENT:
      return AdvisorError(.unavailable, problem, advice: "check its spelling and PATH, or give its whole path")
    case EAGAIN, ENOMEM, EMFILE, ENFILE:
      return AdvisorError(
        .temporary, problem, advice: "use fewer workers, or raise the limit on processes, open files or memory")
    case E2BIG:
      return AdvisorError(.usage, problem, advice: "give it fewer or shorter arguments")
    default:
      return AdvisorError(.unavailable, problem, advice: "check that it is a program that you may run")
    }
  }
}

extension Exit {
  fileprivate init(_ result: clinux_exit) {
    self.init(
      status: result.signalled ? .killed(signal: result.code) : .exited(result.code),
      userSeconds: result.user_seconds, systemSeconds: result.system_seconds, maxRSSBytes: Int(result.max_rss_bytes),
      voluntarySwitches: Int(result.voluntary_switches), involuntarySwitches: Int(result.involuntary_switches))
  }
}

/// Calls `body` with the texts as a null-terminated array of C strings.
func withCStrings<Result>(
  _ texts: [[UInt8]], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { text in
    text.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return strdup("") }
      return strndup(base.assumingMemoryBound(to: CChar.self), bytes.count)
    }
  }
  pointers.append(nil)
  defer { pointers.forEach { free($0) } }
  return body(&pointers)
}

private func withOptionalCStrings<Result>(
  _ texts: [String]?, _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
) -> Result {
  guard let texts else { return body(nil) }
  return withCStrings(texts.map { Array($0.utf8) }) { body(UnsafePointer($0)) }
}

private func withProgram<Result>(
  _ program: String, _ launch: Launch,
  _ body: (UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  withCStrings(launch.rawArguments ?? launch.arguments.map { Array($0.utf8) }) { arguments in
    program.withCString { body($0, arguments) }
  }
}

private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
  guard let text else { return body(nil) }
  return text.withCString(body)
}
