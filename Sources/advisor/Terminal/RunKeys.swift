import System
import Tasks

/// The keys that change a run while it goes on: `+ - p q ?`.
final class RunKeys: RunControl {
  static let help = "+ - workers  p pause  q end after the running tasks  ? hide"

  private let terminal: ControllingTerminal
  /// Whether the keys are explained.
  private(set) var showsHelp = false

  /// Whether nobody else reads the terminal: the run itself, for inputs, or a pager behind it.
  static func areFree(beside inputs: TaskInputs) -> Bool {
    let readsTerminal = inputs.descriptor == StandardStream.input && StandardStream.isTerminal(StandardStream.input)
    return !readsTerminal && FileStatus(descriptor: StandardStream.output)?.isPipe != true
  }

  /// Nil where there is no terminal.
  init?() {
    guard let terminal = ControllingTerminal() else { return nil }
    self.terminal = terminal
    terminal.readKeys()
  }

  var descriptor: Int32 { terminal.descriptor }

  func next() -> RunRequest? {
    while let key = terminal.key() {
      switch key {
      case "+", "=": return .more
      case "-": return .fewer
      case "p", " ": return .pause
      case "q": return .end
      case "?", "h": showsHelp.toggle()
      default: break
      }
    }
    return nil
  }

  /// Takes the keys again after this process was stopped, where it is in the foreground.
  func resume() { terminal.readKeys() }

  /// Leaves the terminal as it was found.
  func restore() { terminal.restore() }
}
