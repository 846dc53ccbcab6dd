import AdvisorCore
import Probe

/// Where a host keeps a guest's CPUs, as far as the guest can tell: by what a cache line takes from one to another and back.
struct HostPlacement {
  /// On a guest of 2 CPUs it was 50 to 90 ns in one place and 360 to 400 ns in the other.
  private static let tolerance = 2.0

  private let home: Int
  private let away: Int
  /// Seconds of a round trip, look by look.
  private(set) var seconds: [Double] = []

  /// Nil where the CPUs are no host's to move, only one is usable, or threads cannot be pinned.
  init?(_ machine: Machine) {
    guard machine.hasMovableCPUs, Affinity.refusal == nil, let home = machine.placementOrder.first,
      let away = QuietPlaces(machine).partner(of: home)
    else { return nil }
    (self.home, self.away) = (home, away)
  }

  /// The least of a few, for the other thread may wait for its CPU; where no thread can be had, nothing is seen.
  mutating func look() {
    let times = try? Affinity.confined(to: [home]) { () throws(AdvisorError) in
      let turns = try CacheLineTurns(on: away)
      return (0..<5).map { _ in turns.roundTrips(100) / 100 }
    }
    if let least = times?.min() { seconds.append(least) }
  }

  /// That it has changed between two looks.
  var warning: ProfileWarning? { Self.warning(of: seconds) }

  static func warning(of seconds: [Double]) -> ProfileWarning? {
    placesApart(seconds).map { .movedCPUs(minSeconds: $0.least, maxSeconds: $0.most) }
  }

  /// That it is another than at an earlier calibration.
  static func warning(of now: MachineProfile, since earlier: MachineProfile) -> ProfileWarning? {
    let costs = [earlier, now].compactMap { $0.fixed(.cacheLineRoundTrip)?.floor.value }
    guard now.machine.hasMovableCPUs, costs.count == 2, placesApart(costs) != nil else { return nil }
    return .movedCPUsSince(seconds: costs[1], before: costs[0])
  }

  /// The least and the most of some times, where they are not of one place.
  private static func placesApart(_ seconds: [Double]) -> (least: Double, most: Double)? {
    guard let least = seconds.min(), let most = seconds.max(), least > 0, most > least * tolerance else { return nil }
    return (least, most)
  }
}
