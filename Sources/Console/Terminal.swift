public import AdvisorCore
import System

/// What the program says to people: data on stdout, the rest on stderr, colour only where somebody sees it.
public enum Terminal {
  /// Lets a reader such as `head` close the pipe without a complaint from us.
  public static func quietOnBrokenPipe() { Signal.restoreDefault(Signal.brokenPipe) }

  /// Takes the numbers of standard streams that the shell has closed (`2>&-`): else the next file to be opened, such as a
  /// journal, would be what tasks write their output to.
  public static func occupyClosedStreams() { StandardStream.occupyClosed() }

  /// - Throws: ``AdvisorError`` where stdout cannot take it: a full disk, a closed descriptor.
  public static func output(_ text: String) throws(AdvisorError) {
    guard write(text.hasSuffix("\n") ? text : text + "\n", to: StandardStream.output) else {
      let code = Errno.last
      throw AdvisorError(
        .cannotWrite, "cannot write to stdout: \(code.text)",
        advice: code == .badFileDescriptor
          ? "leave stdout open: >/dev/null" : "check the disk that stdout is redirected to")
    }
  }

  /// Tells people something, without what would make their terminal do anything else.
  public static func note(_ text: String) { _ = write(fitted(text.harmless) + "\n", to: StandardStream.error) }

  public static func complain(_ error: AdvisorError) {
    complain("\(complaintPrefix)\(bounded(error.problem))\n  → \(bounded(error.advice))")
  }

  /// - Parameter text: begins with ``complaintPrefix``.
  public static func complain(_ text: String) {
    let text = fitted(text.harmless)
    let prefix = text.hasPrefix(complaintPrefix) ? complaintPrefix : ""
    _ = write(Style.bold(prefix) + text.dropFirst(prefix.count) + "\n", to: StandardStream.error)
  }

  /// What says whose complaint it is.
  public static let complaintPrefix = "advisor: "

  /// With no line that the terminal behind stderr, if any, would break inside a word.
  private static func fitted(_ text: String) -> String {
    StandardStream.columns(StandardStream.error).map { TextReport.fitted(text, to: $0) } ?? text
  }

  /// A path is of at most 4,096 bytes (PATH_MAX), and nothing that is longer helps anyone.
  private static func bounded(_ text: String) -> String { text.shortened(to: 5000).harmless }

  public static func exit(_ status: Int32) -> Never { OwnProcess.exit(status) }

  /// Columns of the terminal behind stderr; 80 where there is none.
  public static var width: Int { StandardStream.columns(StandardStream.error) ?? 80 }

  /// Columns of the terminal behind stdout; nil where there is none.
  public static var outputWidth: Int? { StandardStream.columns(StandardStream.output) }

  public static var showsProgress: Bool { StandardStream.isTerminal(StandardStream.error) }

  /// Writes all of the text, however often the kernel takes only a part of it.
  public static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { FileWriting.writeAll(UnsafeRawBufferPointer($0), to: descriptor) == 0 }
  }
}
