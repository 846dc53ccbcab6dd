import AdvisorCore
import Calibration
import Planning
import Probe
import Transfer
import Workloads
import Executors
import System

/// One cost through the project's own code, for `bench.py` to set beside its C counterpart: prints seconds for each.
@main
enum MicroBenchmarks {
  static func main() throws {
    switch CommandLine.arguments.dropFirst().first {
    case WorkerProcess.argument: WorkerProcess.main()
    case LoopbackServer.argument: LoopbackServer.main()
    default: break
    }
    let words = CommandLine.arguments.dropFirst()
    guard let name = words.first, let count = words.last.flatMap({ Int($0) }) else {
      print("usage: MicroBenchmarks \(measurements.keys.sorted().joined(separator: "|")) COUNT, or requests URL COUNT")
      return
    }
    if name == "requests", words.count == 3 { return print(try requests(words[words.startIndex + 1], count)) }
    if let measure = measurements[name] { print(try measure(count)) }
  }

  /// Downloads with 16 in flight.
  private static func requests(_ url: String, _ count: Int) throws -> Double {
    var loop = try Loop(inFlight: 16, .loopback)
    let start = MonotonicClock.now
    try loop.run(count: count, url: { _ in url }) { _, result in precondition(result.succeeded, "\(result)") }
    return Double(MonotonicClock.now - start) / 1e9 / Double(count)
  }

  /// Each does a number of them and returns the seconds that one took.
  private static let measurements: [String: @Sendable (Int) throws -> Double] = [
    "spawn": { count in
      let launch = Launch(["/bin/true"])
      return try each(count) { _ = try ChildProcess(launch).wait() }
    },
    "thread": { count in try each(count) { try WorkerThread {}.join() } },
    "pipe": { count in
      Affinity.pinCurrentThread(to: [0])
      return try Echo(on: 0).roundTrips(count) / Double(count)
    },
    "letters": { count in try units(Kernel.word.makeWorkload(), count) },
    "fleet": { count in
      let goal = try FleetGoal(arrivalRate: 5000, p95Response: 0.3, headroom: 0.3, redundancy: 1)
      let options = (0..<count).map {
        MachineOption(
          name: "\($0)", servers: 1 + $0 % 64, serviceTime: 0.01 + Double($0 % 97) / 2000, pricePerHour: Double($0 % 13)
        )
      }
      return each(1) { _ = FleetPlan(options, goal: goal) } / Double(count)
    },
    "triad": { count in try units(StreamWorkload(), count) },
  ]

  private static func each(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
    let start = MonotonicClock.now
    for _ in 0..<count { try body() }
    return Double(MonotonicClock.now - start) / 1e9 / Double(count)
  }

  private static func units(_ workload: any Workload, _ count: Int) throws -> Double {
    _ = try workload.run(units: workload.sliceUnits)
    let start = MonotonicClock.now
    _ = try workload.run(units: count)
    return Double(MonotonicClock.now - start) / 1e9 / Double(count)
  }
}
