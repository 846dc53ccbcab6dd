import Glibc
import Executors
import System

/// Ctrl-C and SIGTERM: the first asks for an orderly end, the next one ends the program at once. A signal that was ignored
/// at start stays so.
enum Interruption {
  /// Set by the first signal.
  static let cancellation = Cancellation()

  static var isRequested: Bool { cancellation.isCancelled }

  /// From now on the first signal is a request.
  static func listen() {
    // Made now: a signal handler must not be the first to touch it.
    _ = cancellation
    for number in [SIGINT, SIGTERM] where !SignalSource.isIgnored(number) {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in Interruption.cancellation.cancel() }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(number, &action, nil)
    }
    // A parent may have left them blocked, as Foundation's Process does; then no Ctrl-C would ever arrive.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
  }
}
