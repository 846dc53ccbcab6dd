public import AdvisorCore
import Probe

/// What is to be run, how, and what is needed to turn a job into work.
public struct RunRequest: Sendable {
  public var job: Job
  public var plan: Plan
  /// CPU time of one unit of each kernel, which turns `cpu:8x300ms` into units; a kernel that is missing is timed first.
  public var secondsPerUnit: [Kernel: Double]
  /// Where `io` stages download from: a URL in which `{bytes}` and `{latency}` stand for a task's size and the server's
  /// latency (`0.02s`), as in `http://127.0.0.1:8080/bytes/{bytes}?latency={latency}`.
  public var ioURL: String?
  /// What this process may use, by default as its limits stand: a plan of more workers is refused, with the limit's name.
  public var limits: Machine.Limits
  /// The program that is started with the argument `__worker`, for the strategy of processes.
  public var workerProgram: String

  public init(
    job: Job, plan: Plan, secondsPerUnit: [Kernel: Double] = [:], ioURL: String? = nil,
    limits: Machine.Limits? = nil, workerProgram: String = "/proc/self/exe"
  ) {
    self.job = job
    self.plan = plan
    self.secondsPerUnit = secondsPerUnit
    self.ioURL = ioURL
    self.limits = limits ?? Self.ownLimits
    self.workerProgram = workerProgram
  }

  /// This process's limits when it first asked.
  private static let ownLimits = Prober.live.limits
}
