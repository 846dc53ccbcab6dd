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
    let requests = [Signal.interrupt, Signal.terminate]
    for number in requests where !SignalSource.isIgnored(number) {
      Signal.handleOnce(number) { _ in Interruption.cancellation.cancel() }
    }
    // A parent may have left them blocked, as Foundation's Process does; then no Ctrl-C would ever arrive.
    Signal.unblock(requests)
  }
}
