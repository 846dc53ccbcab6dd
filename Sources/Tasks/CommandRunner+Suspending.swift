internal import AdvisorCore
internal import System

/// How a run is stopped and continued by the shell's job control, and what becomes of tasks that want the terminal.
extension CommandRunner {
  /// Stops the tasks and then this process, and continues them when it is continued itself. The time between is no one's.
  func suspend(_ signals: borrowing SignalSource) {
    for slot in slots { slot.signal(Signal.terminalStop) }
    let seconds = ledger.suspend(signals)
    for slot in slots { slot.goOn(after: seconds) }
  }

  /// Ends tasks that wait for a terminal which they, in the background, will not get (SIGTTIN, SIGTTOU; credentials(7)).
  func endTerminalWaits(at now: Double) {
    nextTerminalLook = now + 1
    for slot in slots where slot.task != nil {
      guard let signal = slot.stopSignal, Signal.terminalUses.contains(signal) else { continue }
      stop(slot, .failed("wanted to use the terminal, which tasks cannot, and was stopped"))
    }
  }
}
