internal import AdvisorCore
internal import System

/// Lets a person change a run while it goes on.
public protocol RunControl: AnyObject {
  /// Turns readable when something was asked for.
  var descriptor: Int32 { get }

  /// What was asked for first; nil where nothing was.
  func next() -> RunRequest?
}

public enum RunRequest: Sendable, Hashable {
  case more
  case fewer
  /// No further task starts until this comes again.
  case pause
  /// The tasks under way are the last ones; asked for again, they are stopped too.
  case end
}

extension CommandRunner {
  func obey(_ request: RunRequest) {
    let now = MonotonicClock.seconds
    switch request {
    case .more: tell(.asked(more: 1), at: now)
    case .fewer: tell(.asked(more: -1), at: now)
    case .pause: ledger.isPaused.toggle()
    case .end: interrupt(Signal.interrupt)
    }
    ledger.nextReport = now
  }
}
