import AdvisorCore
public import ArgumentParser
import Probe
import System

/// How many workers: what `cpus`, `env` and `exec` ask alike.
struct CountOptions: ParsableArguments {
  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Processes, threads with barriers, or request threads.",
      valueName: "kind"))
  var purpose: CPUCount.Purpose?

  @Option(help: ArgumentHelp("Memory of one worker, such as 1.2GiB.", valueName: "bytes"))
  var memoryPerWorker: String?

  func validate() throws {
    if let memoryPerWorker, Quantity.bytes(memoryPerWorker).map({ $0 >= 1 }) != true {
      throw ValidationError("--memory-per-worker \(memoryPerWorker.printable): give bytes above 0, such as 1.2GiB.")
    }
  }

  /// - Parameter max: the largest count, where the user gave one.
  func count(max: Int? = nil) throws(AdvisorError) -> CPUCount {
    let wish = CPUCount.Wish(
      purpose: purpose ?? .build, memoryPerWorker: memoryPerWorker.flatMap { Quantity.bytes($0) }, max: max)
    // Only a question of memory needs to know the NUMA nodes.
    guard wish.memoryPerWorker != nil else {
      let share = try Prober.live.share()
      return CPUCount(share.usable, share.limits, wish, environment: Environment.value)
    }
    let machine = try Prober.live.machine()
    return CPUCount(machine.usable, machine.limits, wish, environment: Environment.value)
  }
}

extension CPUCount.Purpose: ExpressibleByArgument {}
