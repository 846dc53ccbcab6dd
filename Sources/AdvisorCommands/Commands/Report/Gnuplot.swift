import AdvisorCore
import Console
import Documents
import Execution
import FoundationEssentials
import Glibc
import Reports

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
    let output = open(files.path("plot.svg"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard output >= 0 else {
      throw AdvisorError(.cannotWrite, "cannot write \(files.path("plot.svg"))", advice: "check the disk behind TMPDIR")
    }
    defer { close(output) }
    let exit = try ChildProcess(Launch(["gnuplot", files.path("script")], output: output)).wait()
    guard exit.succeeded else {
      throw AdvisorError(.temporary, "gnuplot could not draw “\(plot.yLabel)”", advice: "see what it says above")
    }
    return String(decoding: try JSONDocument.contents(of: files.path("plot.svg")), as: UTF8.self)
  }
}

/// A folder that is gone when it is no longer needed.
struct Scratch: ~Copyable {
  private let folder: String

  init() throws(AdvisorError) {
    folder = FileManager.default.temporaryDirectory.appending(path: "advisor-\(UUID().uuidString)").path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw AdvisorError(.cannotWrite, "cannot make \(folder)", advice: "check the disk behind TMPDIR")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func write(_ text: String, to name: String) throws(AdvisorError) {
    try AtomicFile.write([UInt8](text.utf8), to: path(name))
  }
}
