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
  /// What says the number while the run goes on; nil for nothing.
  var currentWorkers: (() -> Int?)? { number.count?.current }

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
    name: [
      .customShort("j", allowingJoined: true), .customShort("P", allowingJoined: true), .customLong("workers"),
    ],
    help: ArgumentHelp("Number of workers: 8, 50%, +1, -1, 0 or a file.", valueName: "n"),
    transform: WorkerCount.init(typed:))
  var count: WorkerCount?

  var workers: Int? { count?.value }

  func validate() throws {
    if let workers, workers < 1 { throw ValidationError("--workers \(workers): at least one worker is needed.") }
  }
}

/// A number of workers as GNU parallel reads it: a number; a share of the CPUs, or more or fewer than they are; 0 for as many as
/// there are tasks; a file that holds one of these.
struct WorkerCount {
  let value: Int
  /// What says the number, and may say another one later.
  private let file: String?

  init(typed text: String) throws {
    if let value = try Self.value(of: text) {
      (self.value, file) = (value, nil)
    } else if let value = try Self.value(in: text) {
      (self.value, file) = (value, text)
    } else {
      throw ValidationError(
        "give a number, a share such as 50%, +1 or -1 for more or fewer than CPUs, or a file with one")
    }
  }

  /// The number that the file says when it is called, nil while it says none; nil where no file was named.
  var current: (() -> Int?)? { file.map { file in { try? Self.value(in: file) } } }

  private static func value(of text: String) throws -> Int? {
    if let count = Int(text), !text.hasPrefix("+"), !text.hasPrefix("-") { return count == 0 ? 4096 : count }
    let cpus = { try max(1, Int(Prober.live.share().usable.effectiveCPUs.rounded(.up))) }
    if text.hasSuffix("%"), let percent = Quantity.count(text.dropLast()), percent >= 0 {
      return max(1, Int((Double(try cpus()) * percent / 100).rounded()))
    }
    return try Int(text).map { max(1, try cpus() + $0) }
  }

  private static func value(in file: String) throws -> Int? {
    guard !file.isEmpty, let content = KernelFile.read(file) else { return nil }
    let words = String(decoding: content, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    return try words.first.flatMap { try value(of: String($0)) }
  }
}
