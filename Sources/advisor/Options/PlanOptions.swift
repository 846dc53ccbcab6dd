public import AdvisorCore
public import ArgumentParser
import CostModel
import Probe
import System

extension Strategy: ExpressibleByArgument {}

/// How a job is run, where the user wants it otherwise than recommended.
struct PlanOptions: ParsableArguments {
  @OptionGroup private var number: WorkerOptions

  @Option(help: "How --job runs.")
  var strategy: Strategy?

  var workers: Int? { number.workers }

  func validate() throws {
    if strategy == .sequential, let workers, workers != 1 {
      throw ValidationError("--strategy sequential runs one task after the other: leave --workers out.")
    }
  }

  var isGiven: Bool { strategy != nil || workers != nil }
}

/// How many workers run a job, where the user wants another number than advisor's.
struct WorkerOptions: ParsableArguments {
  @Option(
    name: [.customShort("j", allowingJoined: true), .customShort("P", allowingJoined: true), .long],
    help: ArgumentHelp("Number of workers: 8, 50%, +1, -1, 0 or a file.", valueName: "n"),
    transform: count)
  var workers: Int?

  /// As GNU parallel reads it: a number; a share of the CPUs, or more or fewer than they are; 0 for as many as there are tasks; a
  /// file that holds one of these.
  private static func count(_ text: String) throws -> Int {
    if let count = Int(text), !text.hasPrefix("+"), !text.hasPrefix("-") { return count == 0 ? 4096 : count }
    let cpus = { try max(1, Int(Prober.live.share().usable.effectiveCPUs.rounded(.up))) }
    if text.hasSuffix("%"), let percent = Quantity.count(text.dropLast()), percent >= 0 {
      return max(1, Int((Double(try cpus()) * percent / 100).rounded()))
    }
    if let change = Int(text) { return max(1, try cpus() + change) }
    guard !text.isEmpty,
      let content = KernelFile.read(text).map({ String(decoding: $0, as: UTF8.self) })?.split(
        whereSeparator: \.isWhitespace
      )
      .first
    else {
      throw ValidationError(
        "give a number, a share such as 50%, +1 or -1 for more or fewer than CPUs, or a file with one")
    }
    return try count(String(content))
  }

  func validate() throws {
    if let workers, workers < 1 { throw ValidationError("--workers \(workers): at least one worker is needed.") }
  }
}
