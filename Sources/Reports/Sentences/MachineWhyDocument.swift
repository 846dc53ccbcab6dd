public import AdvisorCore
public import Observation

/// What holds a machine back, as it is shown and written (`advisor.machine-why/1`).
public struct MachineWhyDocument: Codable, Sendable, Hashable {
  public static let schema = "advisor.machine-why/1"

  public var schema = Self.schema
  /// The answer in one sentence.
  public var text: String
  /// How long was looked.
  public var seconds: Double
  /// A loss of less is no finding.
  public var minLoss = MachineFindings.minLoss
  /// The worst first.
  public var findings: [Finding]
  /// Found too, but somebody has said to accept it.
  public var ignored: [Finding]
  public var seen: [MachineAspect]
  public var unseen: [Unseen]
  /// Against a twin, where one was named.
  @Nullable public var twin: TwinComparison?

  public init(_ findings: MachineFindings, isVirtual: Bool, against twin: TwinComparison? = nil) {
    seconds = findings.seconds
    self.findings = findings.findings.map(Finding.init)
    ignored = findings.ignored.map(Finding.init)
    seen = findings.seen
    unseen = findings.unseen.map { Unseen($0, isVirtual: isVirtual) }
    self.twin = twin
    text = Self.answer(findings, twin)
  }

  /// Whether something was found: what the exit status tells.
  public var isHeldBack: Bool { !findings.isEmpty || twin?.worst != nil }

  private static func answer(_ findings: MachineFindings, _ twin: TwinComparison?) -> String {
    if let twin { return twin.answer }
    guard let worst = findings.findings.first else {
      return
        "Nothing\(findings.ignored.isEmpty ? "" : " else") holds this machine back\(findings.unseen.isEmpty ? "" : ", as far as can be seen")."
    }
    return MachineWords(cause: worst.cause).sentence(worst.loss)
  }

  /// `{"code": "cpuQuota", "cpus": 1.5, …, "loss": {…}, "mend": {…}, "text": "CPU quota, …"}`
  public struct Finding: Codable, Sendable, Hashable {
    public var cause: Reported<MachineCause>
    /// Nil where nothing is lost until something is used up, or where nothing tells.
    public var loss: Loss?
    public var mend: MachineMend

    private enum Keys: CodingKey { case loss, mend }

    init(_ finding: MachineFinding) {
      cause = Reported(finding.cause, MachineWords(cause: finding.cause).sentence(finding.loss))
      loss = finding.loss
      mend = MachineMend(finding.cause)
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Keys.self)
      cause = try Reported(from: decoder)
      loss = try values.decodeIfPresent(Loss.self, forKey: .loss)
      mend = try values.decode(MachineMend.self, forKey: .mend)
    }

    public func encode(to encoder: any Encoder) throws {
      try cause.encode(to: encoder)
      var values = encoder.container(keyedBy: Keys.self)
      if let loss { try values.encode(loss, forKey: .loss) } else { try values.encodeNil(forKey: .loss) }
      try values.encode(mend, forKey: .mend)
    }
  }

  /// What could not be seen, why, and what would let it be seen.
  public struct Unseen: Codable, Sendable, Hashable {
    public var aspect: MachineAspect
    public var cause: Machine.UnknownLimit.Cause
    public var file: String
    public var remedy: String

    init(_ unseen: UnseenAspect, isVirtual: Bool) {
      (aspect, cause, file) = (unseen.aspect, unseen.cause, unseen.file)
      remedy = unseen.aspect.remedy(isVirtual: isVirtual)
    }
  }
}

extension TwinComparison {
  /// The answer in one sentence.
  fileprivate var answer: String {
    guard worst != nil else { return "Nothing is worse here than on the twin." }
    let worstFigure = figures.max { $1.loss.isWorse(than: $0.loss) }
    guard let cost = costs.first, worstFigure.map({ cost.loss.isWorse(than: $0.loss) }) ?? true else {
      return
        "\(worstFigure?.name.words.capitalisedFirst ?? "") here: \(worstFigure?.lossText ?? "") fewer than on the twin."
    }
    return "Worst against the twin: \(cost.name), \(cost.lossText) slower here."
  }
}

extension TwinComparison.Figure {
  var lossText: String { Quantity.text(share: loss.high) }
}

extension TwinComparison.Figure.Name {
  var words: String {
    switch self {
    case .effectiveCPUs: "usable CPUs"
    case .memoryBytes: "usable memory"
    }
  }
}

extension TwinComparison.Cost {
  var lossText: String {
    "\(Quantity.decimal(loss.low * 100, places: 0))–\(Quantity.decimal(loss.high * 100, places: 0)) %"
  }
}
