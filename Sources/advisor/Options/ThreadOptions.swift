import AdvisorCore
import ArgumentParser
import System
import Tasks

/// Threads per task.
struct ThreadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Threads per task ({threads}, OMP_NUM_THREADS …).", valueName: "n|auto"))
  var threads: String?

  /// What libraries of linear algebra and OpenMP look at, each unless the user has set it.
  private static let variables = [
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
  ]

  func validate() throws {
    if let threads, threads != "auto", Int(threads).map({ (1...4096).contains($0) }) != true {
      throw ValidationError("--threads \(threads.printable): give auto or a number of threads, 1 or more.")
    }
  }

  /// Puts the number of threads into the command and its environment, so that workers × threads are the CPUs; does nothing
  /// where neither the option nor the command asks for it.
  ///
  /// - Parameter tasks: how many there are; nil where that is not known yet.
  func apply(to template: inout CommandTemplate, _ options: inout CommandOptions, tasks: Int?) {
    guard threads != nil || template.namesThreads else { return }
    let cpus = max(1, Int(options.limits.cpus))
    let atOnce = max(1, min(options.workers ?? cpus, tasks ?? .max))
    let count = threads.flatMap { Int($0) } ?? max(1, cpus / atOnce)
    template.setThreads(count)
    options.limits.cpus /= Double(count)
    for name in Self.variables { Environment.set(name, to: "\(count)", replaces: false) }
  }
}
