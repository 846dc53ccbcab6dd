private import Glibc

/// The terminal that this process belongs to (`/dev/tty`, tty(4)), and how it hands its keys over.
///
/// While keys are read one by one, neither echoed nor gathered to lines; Ctrl-C and Ctrl-Z stay signals.
package final class ControllingTerminal {
  /// Whether there is one.
  package static var exists: Bool { Descriptor(opening: "/dev/tty", .nonBlocking) != nil }

  package var descriptor: Int32 { file.number }
  private let file: Descriptor
  /// How it was before; nil where nothing has been changed.
  private var former: termios?

  /// Nil where there is none.
  package init?() {
    guard let file = Descriptor(opening: "/dev/tty", .nonBlocking) else { return nil }
    self.file = file
  }

  deinit { restore() }

  /// Whether this process is in the foreground: changing the terminal would stop it elsewhere (SIGTTOU).
  package var isForeground: Bool { tcgetpgrp(descriptor) == getpgrp() }

  /// Has each key come at once. Returns whether it does: not in the background.
  @discardableResult
  package func readKeys() -> Bool {
    var settings = termios()
    guard isForeground, former == nil, tcgetattr(descriptor, &settings) == 0 else { return former != nil }
    former = settings
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    return tcsetattr(descriptor, TCSADRAIN, &settings) == 0
  }

  /// The next key that was pressed; nil where none was.
  package func key() -> Character? {
    var byte: UInt8 = 0
    guard former != nil, isForeground, withUnsafeMutableBytes(of: &byte, { file.read(into: $0) }) == 1 else {
      return nil
    }
    return Character(UnicodeScalar(byte))
  }

  /// Leaves the terminal as it was found.
  package func restore() {
    guard var settings = former else { return }
    former = nil
    // Whoever has the terminal now has set it as they like.
    if isForeground { tcsetattr(descriptor, TCSADRAIN, &settings) }
  }
}
