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
      Runs each job of a suite in every sensible way, five times or more, in random \
      order. Reports how much longer the advised way takes than the best one, the \
      error of the predictions, and how often the 90 % intervals hold.

      A suite has one job a line, cpu:8x1e6 or NAME = cpu:8x1e6 (# begins a \
      comment), or is a JSON array of jobs. --commands runs some 15 real commands \
      (gzip, grep, git, gcc …) over inputs of its own, with every sensible number of \
      workers beside the number that `advisor run` finds.
      """)

  @Option(
    help: ArgumentHelp(
      "File of jobs (default: 24 of all kinds).",
      valueName: "file"))
  var suite: String?

  @Flag(help: "Verify real commands instead of built-in jobs.")
  var commands = false

  @Option(help: ArgumentHelp("Time to spend.", valueName: "time"))
  var time = "5min"

  @OptionGroup var costs: ProfileOptions
  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard let seconds = Quantity.seconds(time), seconds > 0 else {
      throw ValidationError("--time \(time.printable): give a time above zero with its unit, such as 5min.")
    }
    if commands, suite != nil {
      throw ValidationError("--suite names built-in jobs and --commands none of them: leave one out.")
    }
  }

  private var seconds: Double { Quantity.seconds(time) ?? 300 }

  func run() throws {
    let machine = try Prober.live.machine()
    let found = try costs.resolve(on: machine)
    Interruption.listen()
    let server = try LoopbackServerProcess.start(apartOn: machine)
    let bar = ProgressBar("verifying")
    let verification =
      try commands ? verifyCommands(found.path, machine, server, bar) : verifyJobs(found.profile, machine, server, bar)
    withExtendedLifetime(server) {}
    bar.clear()
    if !commands { keep(verification) }
    try output.show(verification, as: TextReport.verification(verification))
    if Interruption.isRequested { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
  }

  private func verifyJobs(
    _ found: MachineProfile, _ machine: Machine, _ server: borrowing LoopbackServerProcess, _ bar: ProgressBar
  ) throws -> Verification {
    let jobs = try Suite.jobs(in: suite)
    let profile = found.limited(by: machine.limits)
    let past = history.open()
    let port = server.port
    let model = try history.model(of: profile, past)
    let verifier = Verifier(
      seconds: seconds,
      report: { job, share in bar.draw(share, job) }, shouldStop: { Interruption.isRequested },
      keep: { job, candidate, run in
        let plan = machine.plan(for: candidate, job: job)
        let record = RunRecord(job: job, plan: plan, predicted: candidate.predicted, observed: run.outcome)
        history.remember(record, profile: profile, now: run.machine, in: past)
      },
      model: { job throws(AdvisorError) in try model.of(model.profile.now(for: job)) },
      run: { job, candidate throws(AdvisorError) in
        if candidate.strategy == .processes { try warmWorkerProgram() }
        let request = RunRequest(
          job: job, plan: machine.plan(for: candidate, job: job), secondsPerUnit: profile.secondsPerUnit,
          ioURL: LoopbackServerProcess.urlTemplate(port: port, job: job), limits: machine.limits)
        return try executor(for: candidate.strategy)
          .run(request, progress: Progress(), cancellation: Interruption.cancellation).outcome
      })
    return try verifier.verify(jobs) { MonotonicClock.seconds }
  }

  private func verifyCommands(
    _ profile: String, _ machine: Machine, _ server: borrowing LoopbackServerProcess, _ bar: ProgressBar
  ) throws -> Verification {
    let port = server.port
    let options = (history.history ? [] : ["--no-history"]) + (costs.profile == nil ? [] : ["--profile", profile])
    let verifier = CommandVerifier(
      cpus: machine.usable.logicalCPUs, seconds: seconds,
      address: { LoopbackServerProcess.url(port: port, bytes: $0, latencySeconds: $1) },
      report: { command, share in bar.draw(share, command) }, shouldStop: { Interruption.isRequested },
      run: { words, inputs, workers throws(AdvisorError) in
        try AdvisedRun.measure(words, inputs, workers: workers, options: options)
      })
    return try verifier.verify(in: Environment.temporaryFolder) { MonotonicClock.seconds }
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
