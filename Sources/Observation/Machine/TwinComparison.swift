public import AdvisorCore

/// What one machine has less of than another that should be its like, or pays more for: the worst first.
public struct TwinComparison: Codable, Sendable, Hashable {
  /// A cost or a rate whose intervals do not meet.
  public struct Cost: Codable, Sendable, Hashable {
    /// As profiles name it: `pipeRoundTrip, sameCPU`.
    public var name: String
    public var here: Estimate
    public var twin: Estimate
    /// The share of the twin's speed at it that is lost here.
    public var loss: Loss
  }

  /// What may be used of the machine.
  public struct Figure: Codable, Sendable, Hashable {
    public enum Name: String, Codable, Sendable { case effectiveCPUs, memoryBytes }

    public var name: Name
    public var here: Double
    public var twin: Double
    public var loss: Loss
  }

  /// The machines' CPUs and kernels, as they call themselves.
  public var here: String
  public var twin: String
  public var figures: [Figure]
  public var costs: [Cost]
  /// Costs that are lower here, and those that both have and that agree.
  public var better: Int
  public var alike: Int

  public init(of here: MachineProfile, with twin: MachineProfile) {
    let difference = ProfileDifference(from: twin, to: here)
    self.here = here.title
    self.twin = twin.title
    figures = Self.figures(here.machine, twin.machine)
    costs = difference.changed.compactMap(Cost.init).sorted { $0.loss.isWorse(than: $1.loss) }
    better = difference.changed.count { $0.isBetter }
    alike = difference.unchanged
  }

  /// The worst of all; nil where nothing is worse.
  public var worst: Loss? {
    (figures.map(\.loss) + costs.map(\.loss)).max { $1.isWorse(than: $0) }
  }

  private static func figures(_ here: Machine, _ twin: Machine) -> [Figure] {
    let all: [(Figure.Name, Double?, Double?)] = [
      (.effectiveCPUs, here.usable.effectiveCPUs, twin.usable.effectiveCPUs),
      (.memoryBytes, here.usable.memoryBytes.map(Double.init), twin.usable.memoryBytes.map(Double.init)),
    ]
    return all.compactMap { name, here, twin in
      guard let here, let twin, twin > 0, here <= twin * (1 - MachineFindings.minLoss) else { return nil }
      return Figure(name: name, here: here, twin: twin, loss: .exactly(1 - here / twin))
    }
  }
}

extension TwinComparison.Cost {
  /// Nil for what is better here, or no worse than a finding must be.
  fileprivate init?(_ change: ProfileDifference.Change) {
    let (here, twin) = (change.after, change.before)
    let range: ClosedRange<Double>
    if change.isRate {
      guard here.high < twin.low, twin.low > 0 else { return nil }
      range = (1 - here.high / twin.low)...(1 - here.low / twin.high)
    } else {
      guard twin.high < here.low, here.low > 0 else { return nil }
      range = (1 - twin.high / here.low)...(1 - twin.low / here.high)
    }
    guard range.upperBound >= MachineFindings.minLoss else { return nil }
    self.init(name: change.name, here: here, twin: twin, loss: Loss(range, .measured))
  }
}

extension ProfileDifference.Change {
  /// Of which more is better.
  fileprivate var isRate: Bool {
    switch after.unit {
    case .bytesPerSecond, .perSecond, .ratio: true
    case .seconds, .bytes, .secondsPerUnit: false
    }
  }

  fileprivate var isBetter: Bool { isRate ? after.low > before.high : after.high < before.low }
}

extension MachineProfile {
  fileprivate var title: String {
    [machine.model ?? machine.architecture ?? "unknown machine", machine.kernel.map { "Linux \($0)" }]
      .compactMap(\.self).joined(separator: ", ")
  }
}
