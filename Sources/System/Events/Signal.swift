private import CLinux
private import Glibc

/// The numbers of signals, and what this process does with them (signal(7)).
package enum Signal {
  /// `SIGHUP`
  package static let hangUp = SIGHUP
  /// `SIGINT`, as Ctrl-C sends it.
  package static let interrupt = SIGINT
  /// `SIGKILL`
  package static let kill = SIGKILL
  /// `SIGUSR1`
  package static let user1 = SIGUSR1
  /// `SIGUSR2`
  package static let user2 = SIGUSR2
  /// `SIGPIPE`
  package static let brokenPipe = SIGPIPE
  /// `SIGTERM`
  package static let terminate = SIGTERM
  /// `SIGTSTP`, as Ctrl-Z sends it.
  package static let terminalStop = SIGTSTP
  /// `SIGTTIN` and `SIGTTOU`: a job in the background wants to read its terminal, or to change it.
  package static let terminalUses = [SIGTTIN, SIGTTOU]
  /// `SIGSTOP`, which no process can catch.
  package static let stop = SIGSTOP
  /// `SIGCONT`
  package static let `continue` = SIGCONT

  /// As strsignal(3) puts it.
  package static func text(_ number: Int32) -> String { String(cString: strsignal(number)) }

  /// Has a signal do in this process what it does by default.
  package static func restoreDefault(_ number: Int32) { signal(number, SIG_DFL) }

  /// Has the next signal of such a number call a handler, and those after it do what they do by default.
  ///
  /// - Parameter handler: only what signal-safety(7) allows.
  package static func handleOnce(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
    sigaction(number, &action, nil)
    clinux_signals_changed()
  }

  /// Lets signals through that the starter of this process may have left blocked.
  package static func unblock(_ numbers: [Int32]) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
  }
}
