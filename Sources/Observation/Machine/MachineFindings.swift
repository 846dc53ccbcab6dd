import AdvisorCore
import Probe

/// What a reading of a machine says: what holds it back, worst first, and what could not be seen.
public struct MachineFindings: Sendable, Hashable {
  /// A loss of less is none.
  public static let minLoss = 0.01

  public var seconds: Double
  /// What costs most for certain first, then what may cost most, then what soon runs out.
  public var findings: [MachineFinding]
  /// Those that somebody has said to accept.
  public var ignored: [MachineFinding] = []
  /// What was looked at and seen.
  public var seen: [MachineAspect]
  public var unseen: [UnseenAspect]

  public init(
    seconds: Double, findings: [MachineFinding], seen: [MachineAspect], unseen: [UnseenAspect]
  ) {
    self.seconds = seconds
    self.findings = findings
    self.seen = seen
    self.unseen = unseen
  }
}

extension MachineFindings {
  /// Without those findings, which are known and accepted.
  public func ignoring(_ codes: Set<MachineCauseCode>) -> MachineFindings {
    var result = self
    result.findings = findings.filter { !codes.contains($0.cause.code) }
    result.ignored = ignored + findings.filter { codes.contains($0.cause.code) }
    return result
  }

  public init(_ reading: MachineReading) {
    let all =
      reading.shareFindings + reading.speedFindings + reading.loadFindings + reading.memoryFindings
      + reading.limitFindings
    let unseen = reading.setup.unseen + reading.surroundings.unseen
    let hidden = Set(unseen.map(\.aspect))
    self.init(
      seconds: reading.seconds, findings: Self.ordered(all.filter { $0.loss.map { $0.high >= Self.minLoss } ?? true }),
      seen: MachineAspect.allCases.filter { !hidden.contains($0) && reading.isAsked($0) },
      unseen: unseen)
  }

  /// Those that are alike stay in the order in which they were found.
  private static func ordered(_ findings: [MachineFinding]) -> [MachineFinding] {
    findings.enumerated().sorted { first, second in
      switch (first.element.loss, second.element.loss) {
      case (let one?, let other?) where one.isWorse(than: other): true
      case (let one?, let other?) where other.isWorse(than: one): false
      case (.some, nil): true
      case (nil, .some): false
      default: first.offset < second.offset
      }
    }.map(\.element)
  }
}

extension MachineReading {
  /// Whether there was something to look at: a recorded machine has no cores to probe and no folder of ours.
  fileprivate func isAsked(_ aspect: MachineAspect) -> Bool {
    switch aspect {
    case .neighbour: surroundings.neighbourRatio != nil
    case .temporaryFolder: surroundings.temporaryFolder != nil
    default: true
    }
  }
}
