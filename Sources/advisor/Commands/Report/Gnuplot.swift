import AdvisorCore
import Console
import Documents
import FoundationEssentials
import Reports
import System

/// Runs gnuplot, where there is one.
enum Gnuplot {
  /// The SVG of each plot; nil where gnuplot is missing or fails, which is no reason to keep the report back.
  static func draw(_ plots: [Plot]) -> [String?] {
    var isMissing = false
    let drawings = plots.map { plot -> String? in
      guard !isMissing else { return nil }
      do throws(AdvisorError) {
        return try draw(plot)
      } catch {
        isMissing = error.code == .unavailable
        Terminal.note(isMissing ? "No plots: gnuplot is not installed (apt install gnuplot-nox)." : error.problem)
        return nil
      }
    }
    return drawings
  }

  private static func draw(_ plot: Plot) throws(AdvisorError) -> String {
    let files = try Scratch()
    try files.write(GnuplotScript(plot).text, to: "script")
    let output = try files.make("plot.svg")
    let exit = try ChildProcess(Launch(["gnuplot", files.path("script")], output: output.number)).wait()
    guard exit.succeeded else {
      throw AdvisorError(.temporary, "gnuplot could not draw “\(plot.yLabel)”", advice: "see what it says above")
    }
    return String(decoding: try JSONDocument.contents(of: files.path("plot.svg")), as: UTF8.self)
  }
}
