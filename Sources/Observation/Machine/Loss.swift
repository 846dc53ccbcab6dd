/// The share of its speed that a program loses which keeps all CPUs busy or, where memory or disk are at fault, lives on those:
/// 0 for none, 1 for all.
public struct Loss: Codable, Sendable, Hashable {
  public enum Basis: String, Codable, Sendable {
    /// Counted while we looked.
    case measured
    /// Follows from the setting itself.
    case computed
    /// Found by others, or by us on another machine: docs/why-machine.md names the source.
    case documented
  }

  /// What is lost for certain.
  public var low: Double
  /// What may be lost.
  public var high: Double
  public var basis: Basis

  public init(_ range: ClosedRange<Double>, _ basis: Basis) {
    low = min(1, max(0, range.lowerBound))
    high = min(1, max(0, range.upperBound))
    self.basis = basis
  }

  /// What a setting takes away, no more and no less.
  static func exactly(_ share: Double) -> Loss { Loss(share...share, .computed) }

  /// - Parameter share: a figure below zero, which counters that run backwards give, is none.
  static func atMost(_ share: Double, _ basis: Basis) -> Loss { Loss(0...max(0, share), basis) }

  /// Whether it is worse: more is lost for certain, or else more may be. What is certain and too little for a finding is none.
  public func isWorse(than other: Loss) -> Bool { (certain, high) > (other.certain, other.high) }

  private var certain: Double { low < MachineFindings.minLoss ? 0 : low }
}

/// Losses that cannot be counted on a running machine: what others have measured, or we elsewhere.
enum DocumentedLoss {
  /// Random reads, each at an address that the last gave, of 64 MiB to 4 GiB took 1.07 to 2.08 times as long without huge
  /// pages, 1.55 times at the median (nine runs on a virtual AMD EPYC, 29 November 2026).
  static let withoutHugePages = 0.5
  /// 75 % of the speed without mitigations on CPUs that need page table isolation (Core i7 7700K, 8700K): geometric mean of
  /// Phoronix, “A Look At The CPU Security Mitigation Costs Three Years After Spectre/Meltdown”, 6 January 2021.
  static let withPageTableIsolation = 0.25
  /// 90 to 95 % on CPUs that do not (Ryzen 9 5950X, Core i9 10900K): the same article.
  static let withMitigations = 0.1
  /// CPU time rose by over 30 % with a clock that is read through a system call: Brendan Gregg, “The Speed of Time”,
  /// 26 September 2021.
  static let slowClock = 1 - 1 / 1.3
  /// A second hardware thread adds up to 30 %: Marr et al., “Hyper-Threading Technology Architecture and
  /// Microarchitecture”, Intel Technology Journal 6 (1), 2002.
  static let withoutSMT = 1 - 1 / 1.3
  /// Code that keeps all execution ports busy takes up to 1.85 times as long beside a busy hardware thread (measured for the
  /// calibration's neighbour probe).
  static let besideBusySibling = 1 - 1 / 1.85
  /// A governor that follows the load too late: shell scripts gained 10 to 40 % when schedutil learnt of it better (Phoronix,
  /// “Significant Performance & Perf-Per-Watt Gains Coming For Intel CPUs On Linux Schedutil”, 1 October 2019).
  static let followingGovernor = 1 - 1 / 1.4
}
