import AdvisorCore
import Probe
import System

/// Finds the CPU on which the least happens just now that this machine's own counters do not show.
struct QuietPlaces {
  private static let probesEach = 5

  private let machine: Machine
  private let order: [Int]

  init(_ machine: Machine) {
    self.machine = machine
    order = machine.placementOrder
  }

  /// A CPU, and one of another core for what takes two; nil without a usable CPU.
  func choose() -> (home: Int, away: Int?)? {
    var probe = NeighbourProbe()
    let timed = order.map { cpu in (cpu, seconds: Self.seconds(on: cpu, &probe)) }
    return timed.min { $0.seconds < $1.seconds }.map { ($0.0, partner(of: $0.0)) }
  }

  private static func seconds(on cpu: Int, _ probe: inout NeighbourProbe) -> Double {
    let times = try? Affinity.confined(to: [cpu]) { () throws(AdvisorError) in
      (0..<probesEach).map { _ in probe.time(clock: { MonotonicClock.seconds }) }
    }
    return times?.min() ?? .infinity
  }

  /// The next in the order in which workers are placed, of another core and the same node where there is one.
  func partner(of home: Int) -> Int? {
    guard let place = order.firstIndex(of: home) else { return nil }
    let others = order[(place + 1)...] + order[..<place]
    let siblings = machine.topology.first { $0.id == home }?.siblings ?? [home]
    let node = machine.numa.first { $0.cpus.contains(home) }?.cpus
    let elsewhere = others.filter { !siblings.contains($0) }
    return elsewhere.first { node?.contains($0) ?? true } ?? elsewhere.first ?? others.first
  }
}
