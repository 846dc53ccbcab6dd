package import AdvisorCore
private import CLinux
private import Glibc

/// SIGINT, SIGTERM, SIGHUP, SIGUSR1 and SIGUSR2 as something to read, while this value lives; SIGPIPE becomes an error of
/// write. Those that are ignored stay so, as `nohup` and a shell's `trap ''` ask for.
///
/// The signals are blocked for the calling thread and those that it starts: make it where no other thread runs.
public struct SignalSource: ~Copyable {
  package let descriptor: Int32
  private let former: sigset_t

  /// - Parameter stops: whether Ctrl-Z (SIGTSTP) is something to read too; who reads it has to ``stopProcess()``.
  package static func make(withStops stops: Bool = false) throws(AdvisorError) -> SignalSource {
    var read = sigset_t()
    var blocked = sigset_t()
    var former = sigset_t()
    sigemptyset(&read)
    // A signal that is blocked would be kept for us even where it is ignored.
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2] + (stops ? [SIGTSTP] : []) where !isIgnored(signal) {
      sigaddset(&read, signal)
    }
    blocked = read
    sigaddset(&blocked, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &blocked, &former)
    let descriptor = signalfd(-1, &read, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
    guard descriptor >= 0 else {
      let code = errno
      pthread_sigmask(SIG_SETMASK, &former, nil)
      throw AdvisorError(
        .temporary, "cannot listen for signals: \(Errno(code).text)",
        advice: "raise the limit on open files (ulimit -n)")
    }
    return SignalSource(descriptor: descriptor, former: former)
  }

  /// Whether this process ignores a signal, as it may have been told to by what has started it.
  public static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(signal, nil, &action) == 0 else { return false }
    // SIG_IGN, which Swift cannot compare.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  /// Leaves all signals to other threads than the calling one.
  package static func leaveToOthers() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
  }

  private init(descriptor: Int32, former: sigset_t) {
    self.descriptor = descriptor
    self.former = former
  }

  deinit {
    // Those that came since were meant for what has ended; delivered now, they would end the process.
    while next() != nil {}
    close(descriptor)
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    var none = timespec()
    sigtimedwait(&pipe, nil, &none)
    var former = former
    pthread_sigmask(SIG_SETMASK, &former, nil)
  }

  /// Stops this process as Ctrl-Z does, and returns when it is continued; at once where nobody could continue it, since its
  /// process group is orphaned (setpgid(2)).
  package func stopProcess() {
    var stop = sigset_t()
    sigemptyset(&stop)
    sigaddset(&stop, SIGTSTP)
    raise(SIGTSTP)
    pthread_sigmask(SIG_UNBLOCK, &stop, nil)
    pthread_sigmask(SIG_BLOCK, &stop, nil)
  }

  /// The next signal that has come; nil when there is none.
  package func next() -> Int32? { nextArrival()?.number }

  /// The next signal that has come, and whether a terminal has sent it, which sends it to all of its foreground processes;
  /// nil when there is none.
  package func nextArrival() -> (number: Int32, isFromTerminal: Bool)? {
    var info = signalfd_siginfo()
    let count = withUnsafeMutableBytes(of: &info) { read(descriptor, $0.baseAddress, $0.count) }
    guard count == MemoryLayout<signalfd_siginfo>.size else { return nil }
    return (Int32(bitPattern: info.ssi_signo), info.ssi_code == SI_KERNEL)
  }
}
