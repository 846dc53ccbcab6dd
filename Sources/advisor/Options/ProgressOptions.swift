import ArgumentParser
import Console
import System

/// How a run shows its progress on stderr.
struct ProgressOptions: ParsableArguments {
  enum Style: String, ExpressibleByArgument, CaseIterable {
    case none
    /// A line every ten seconds.
    case plain
    /// A block of lines that is redrawn, with keys.
    case bar
    /// A line of JSON every second.
    case json
  }

  @Option(
    help: ArgumentHelp(
      "Progress display.", valueName: "style"))
  var progress: Style?

  static var defaultStyle: Style { canRedraw ? .bar : .plain }

  private static var canRedraw: Bool { Terminal.showsProgress && Environment.value("TERM") != "dumb" }

  /// What was asked for, else what suits stderr.
  var style: Style {
    guard let progress else { return Self.defaultStyle }
    return progress == .bar && !Self.canRedraw ? .plain : progress
  }
}
