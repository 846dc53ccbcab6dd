/// How disturbed the machine was while a part of it was measured; shares are 0...1.
public struct PartNoise: Codable, Sendable, Hashable {
  /// As the progress of a calibration names it: `computing`, `memory`.
  public var part: String
  /// Share of CPU time that the hypervisor gave to others.
  public var stealShare: Double
  /// Share of CPU time that other processes used.
  public var otherBusyShare: Double
  /// The neighbour probe's typical time over its quiet one of the whole calibration; 1 means quiet.
  public var probeRatio: Double

  public init(part: String, stealShare: Double, otherBusyShare: Double, probeRatio: Double) {
    self.part = part
    self.stealShare = stealShare
    self.otherBusyShare = otherBusyShare
    self.probeRatio = probeRatio
  }

  /// What disturbed it most, over what leaves figures as they are: above 1 they are poor.
  public var severity: Double { max(slowing, otherBusyShare / 0.1) }

  /// The same of what slows the CPU itself.
  private var slowing: Double { max(stealShare / 0.08, (probeRatio - 1) / 0.5) }

  /// Whether its figures are to be replaced when the machine is quiet.
  public var isPoor: Bool { severity > 1 }

  /// Standard deviation of the logarithm of its figures, beside what they show themselves: none for a quiet part.
  ///
  /// Figures taken beside two busy loops were off by 0.1 to 0.4 in the logarithm (docs/model.md, 9.5).
  public var addedDeviation: Double { Self.deviation(severity) }

  /// The same of CPU times: those wait for nobody, so that only what slows the CPU itself counts in full.
  ///
  /// Of 22 calibrations beside other programs that used 0.2 to 0.96 of two CPUs, 20 found the CPU time of a letter within 2 % of
  /// quiet ones, the others 4 and 7 % above (docs/model.md, 9.5).
  public var addedDeviationOfCPUTime: Double { added(atLeast: 0.03) }

  /// The same of reads from the disk, which mostly wait for it: what slows the CPU itself counts in full here, too.
  ///
  /// Of 10 calibrations beside one and two busy loops on two CPUs all found reads of 1 MiB within 6 % of quiet ones, those of
  /// 4 KiB within 14 % in 45 of 50 figures (docs/model.md, 9.5).
  public var addedDeviationOfReads: Double { added(atLeast: 0.1) }

  /// Of what hardly waits for other processes.
  private func added(atLeast least: Double) -> Double { isPoor ? max(least, Self.deviation(slowing)) : 0 }

  private static func deviation(_ severity: Double) -> Double { severity > 1 ? 0.1 * min(severity, 4) : 0 }
}
