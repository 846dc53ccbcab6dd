import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import Documents
import Evaluation
import FoundationEssentials
import Probe
import Reports
import Transfer
import Workloads
import Executors
import System

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "verify",
    abstract: "Measures how good the advice is on this machine.",
    usage: "advisor verify [<options>]",
    discussion: """
      Runs each job of a suite in every sensible way, five times or more, in random
      order. Reports how much longer the advised way takes than the best one, the
      error of the predictions, and how often the 90 % intervals hold.

      A suite has one job a line, cpu:8x1e6 or NAME = cpu:8x1e6 (# begins a
      comment), or is a JSON array of jobs.
      """)

  @Option(
    help: ArgumentHelp(
      "File of jobs (default: 24 of all kinds).",
      valueName: "file"))
  var suite: String?

  @Option(help: ArgumentHelp("Time to spend.", valueName: "time"))
  var time = "5min"

  @OptionGroup var costs: ProfileOptions
  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard let seconds = Quantity.seconds(time), seconds > 0 else {
      throw ValidationError("--time \(time.printable): give a time above zero with its unit, such as 5min.")
    }
  }

  func run() throws {
    let jobs = try Suite.jobs(in: suite)
    let machine = try Prober.live.machine()
    let profile = try costs.resolve(on: machine).profile.limited(by: machine.limits)
    let model = try history.model(of: profile, history.open())
    Interruption.listen()
    let server = try LoopbackServerProcess.start(apartOn: machine)
    let url = server.urlTemplate
    let bar = ProgressBar("verifying")
    let verifier = Verifier(
      model: model, seconds: Quantity.seconds(time) ?? 300, report: { job, share in bar.draw(share, job) },
      shouldStop: { Interruption.isRequested }
    ) { job, candidate throws(AdvisorError) in
      let request = RunRequest(
        job: job, plan: machine.plan(for: candidate, job: job), secondsPerUnit: profile.secondsPerUnit, ioURL: url,
        limits: machine.limits)
      return try executor(for: candidate.strategy)
        .run(request, progress: Progress(), cancellation: Interruption.cancellation).seconds
    }
    let verification = try verifier.verify(jobs) { MonotonicClock.seconds }
    withExtendedLifetime(server) {}
    bar.clear()
    keep(verification)
    try output.show(verification, as: TextReport.verification(verification))
    if Interruption.isRequested { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
  }

  /// For `advisor fit --from verify`.
  private func keep(_ verification: Verification) {
    do throws(AdvisorError) {
      let path = try Self.path()
      let folder = URL(filePath: path).deletingLastPathComponent().path
      _ = try? ResolvedPath.folder(folder, making: 0o700)
      try JSONDocument.write(verification, to: path)
    } catch {
      Terminal.note("The measurements are not kept: \(error.problem).")
    }
  }

  /// Where the last verification is kept.
  static func path() throws(AdvisorError) -> String {
    let folder = try UserData.folder(
      environment: ProcessInfo.processInfo.environment, for: "the verification", otherwise: "use --json")
    return "\(folder)/verification.json"
  }
}
