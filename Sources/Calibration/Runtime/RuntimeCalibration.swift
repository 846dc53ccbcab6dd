public import AdvisorCore
private import FoundationEssentials
public import Engines
import System

/// Measures what Python's own ways of running things cost: a script in the interpreter does, and says what it finds line by line.
public struct RuntimeCalibration {
  /// Seconds that the measuring may take beside the interpreter's start; two rounds are made in any case.
  public static let budget = 11.0
  /// Without a line for so long, the script is stuck.
  private static let patience = 60.0

  let interpreter: PythonInterpreter
  let machine: Machine
  let modules: [String]
  let watch: CalibrationWatch

  /// - Parameter modules: whose import is to be timed.
  public init(
    _ interpreter: PythonInterpreter, machine: Machine, modules: [String] = [],
    watch: CalibrationWatch = CalibrationWatch()
  ) {
    self.interpreter = interpreter
    self.machine = machine
    self.modules = modules
    self.watch = watch
  }

  /// - Throws: ``AdvisorError`` where the script fails, or is stopped before it has found the costs that advice needs.
  public func run() throws(AdvisorError) -> RuntimeCosts {
    let disturbance = Disturbance(of: machine)
    // Python takes modules from the folder that it runs in before its own, and so do those that it starts: from none of the user's.
    let process = try LineProcess(
      [interpreter.path, "-W", "ignore", "-c", PythonSource.costs, "\(Self.budget)", "\(maxWorkers)"] + modules,
      directory: "/")
    var findings = RuntimeFindings()
    var silent = 0.0
    while !watch.shouldStop() {
      switch process.next(within: 0.2) {
      case .line(let line):
        silent = 0
        if let message = RuntimeMessage(line) { take(message, into: &findings) }
      case .nothingYet:
        silent += 0.2
        guard silent < Self.patience else { throw failure("it said nothing for \(Int(Self.patience)) s") }
      case .end:
        guard process.wait()?.succeeded == true else {
          throw failure(process.lastComplaint ?? "it ended without a word")
        }
        // Its CPU time counts as ours once it is reaped.
        findings.warning(disturbance.shares)
        return try costs(findings)
      }
    }
    findings.warnings.append(.cutShort)
    return try costs(findings)
  }

  private func take(_ message: RuntimeMessage, into findings: inout RuntimeFindings) {
    if let share = message.share { watch.report(message.phase ?? "", share) }
    findings.add(message)
  }

  private func costs(_ findings: RuntimeFindings) throws(AdvisorError) -> RuntimeCosts {
    guard let costs = findings.costs(name: interpreter.name, now: Date().formatted(.iso8601)) else {
      throw AdvisorError(
        .interrupted, "stopped before the costs of \(interpreter.name) were measured", advice: "calibrate again")
    }
    return costs
  }

  /// Twice the CPUs show that more gain nothing; more than that would only take time.
  private var maxWorkers: Int { max(2, min(32, 2 * machine.usable.logicalCPUs)) }

  private func failure(_ why: String) -> AdvisorError {
    AdvisorError(
      .unavailable, "the costs of \(interpreter.path) cannot be measured: \(why.printable)",
      advice: "try another interpreter, or one in an environment of its own: python3 -m venv DIR")
  }
}

/// One line of the script's.
struct RuntimeMessage: Decodable {
  struct Facts: Decodable {
    var interpreter: String
    var implementation: String
    var version: String
    var isFreeThreaded: Bool
    var holdsGIL: Bool
    var startMethod: String
  }

  var facts: Facts?
  var share: Double?
  var phase: String?
  var cost: String?
  /// What the cost is of, where there are several: a start method, a module, threads or processes.
  var of: String?
  var workers: Int?
  var value: Double?
  /// A module that cannot be imported, and why.
  var missing: String?
  var why: String?

  /// - Returns: nil for a line that is not the script's own: what a site customisation prints, say.
  init?(_ line: String) {
    guard line.hasPrefix("{"), let message = try? JSONDecoder().decode(Self.self, from: Data(line.utf8)) else {
      return nil
    }
    self = message
  }
}
