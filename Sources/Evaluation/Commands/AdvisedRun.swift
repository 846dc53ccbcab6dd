public import AdvisorCore
private import Documents
private import FoundationEssentials
private import System

/// A run of a command by a program of ours, as from a terminal, and what it says of itself.
public enum AdvisedRun {
  /// What is read of `advisor.run/1`.
  private struct Document: Decodable {
    struct Predicted: Decodable { var seconds: Prediction.Seconds }

    var plan: Plan
    var predicted: Predicted?
    var observed: RunOutcome
  }

  /// Far more than a document of one run has.
  private static let maxBytes = 1 << 20

  /// - Parameters:
  ///   - program: this one, even where its file has been replaced.
  ///   - workers: nil lets the run find the number.
  ///   - options: of `run`, such as those on its profile and its history.
  /// - Throws: ``AdvisorError`` where the run fails.
  public static func measure(
    _ words: [String], _ inputs: [String], workers: Int?, program: String = "/proc/self/exe", options: [String] = []
  ) throws(AdvisorError) -> Measurement {
    let count = workers.map { ["-j", "\($0)"] } ?? []
    let line = ["advisor", "run", "--json"] + options + count + ["--"] + words + [":::"] + inputs
    let pipe = try Pipe()
    let child = try ChildProcess(Launch(line, program: program, output: pipe.writing.number, error: nil))
    _ = pipe.writing.close()
    let text = pipe.reading.readAll(atMost: maxBytes) ?? []
    let exit = child.wait()
    guard exit.succeeded else {
      throw AdvisorError(
        .unavailable, "its run failed", advice: "try it: advisor run -- \(words.joined(separator: " "))")
    }
    let document = try JSONDocument.decode(Document.self, from: Data(text), of: "the run's record")
    return Measurement(
      document.observed, predicted: document.predicted?.seconds, workers: workers ?? document.plan.workers)
  }
}
