public import AdvisorCore
public import Observation

/// An observation as it is written (`advisor.why/1`): causes, changes and what could not be told, each with its sentence.
public struct ObservationDocument: Codable, Sendable {
  public static let schema = "advisor.why/1"

  public struct Binding: Codable, Sendable { var code: CauseCode, share: Double, text: String }
  public struct Level: Codable, Sendable { var cpus: Int, share: Double }
  public struct Memory: Codable, Sendable { var peakBytes: Int, majorFaults: Int, limitBytes: Int? }

  public struct Pressure: Codable, Sendable { var cpu: Double?, memory: Double?, io: Double? }
  public struct Timeline: Codable, Sendable { var pieceSeconds: Double, pieces: [TimeSplit] }

  /// A value with its sentence, as one object.
  public struct Worded<Value: Codable & Sendable>: Codable, Sendable {
    var value: Value
    var text: String

    private enum Keys: CodingKey { case text }

    init(value: Value, text: String) {
      self.value = value
      self.text = text
    }

    public init(from decoder: any Decoder) throws {
      value = try Value(from: decoder)
      text = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .text)
    }

    public func encode(to encoder: any Encoder) throws {
      try value.encode(to: encoder)
      var values = encoder.container(keyedBy: Keys.self)
      try values.encode(text, forKey: .text)
    }
  }

  public var schema = Self.schema
  public var target: String
  public var seconds: Double
  public var cpuSeconds: Double
  public var samples: Int
  public var binding: Binding
  public var causes: [Reported<Cause>]
  public var budget: [Observation.Part]
  public var parallelism: [Level]
  public var memory: Memory
  /// What was moved; null where that is another user's to know.
  @Nullable public var transfers: Transfers?
  @Nullable public var switches: ContextSwitches?
  /// Null on most virtual machines.
  @Nullable public var clock: ClockRate?
  @Nullable public var hardware: HardwareCounts?
  /// Shares of the time in which some task waited (PSI).
  public var pressure: Pressure
  /// How the budget went over time, in pieces of equal length but for the last.
  public var timeline: Timeline
  public var changes: [Worded<Change>]
  public var unknown: [Reported<Blindness>]
  /// CPU time that observing took, seconds.
  public var samplingSeconds: Double

  public init(_ observation: Observation, samplingSeconds: Double) {
    let sentences = Sentences(strategies: StrategyText())
    let profile = observation.profile
    target = observation.setting.target
    (seconds, cpuSeconds, samples) = (profile.seconds, profile.cpuSeconds, profile.samples)
    let first = observation.causes.first
    binding = Binding(
      code: first?.code ?? .healthy, share: first?.share ?? 1, text: sentences.answer(observation))
    causes = observation.causes.map { Reported($0, sentences.text($0)) }
    budget = observation.budget
    parallelism = observation.parallelism.enumerated().map { Level(cpus: $0.offset, share: $0.element) }
    memory = Memory(
      peakBytes: profile.peakBytes, majorFaults: profile.majorFaults, limitBytes: profile.last?.memory?.limitBytes)
    (transfers, switches) = (profile.transfers, profile.switches)
    (clock, hardware) = (profile.clock, profile.hardware)
    pressure = Pressure(
      cpu: profile.stalledShare(\.cpu), memory: profile.stalledShare(\.memory), io: profile.stalledShare(\.io))
    timeline = Timeline(pieceSeconds: profile.pieceSeconds, pieces: profile.timeline)
    changes = observation.changes.map { Worded(value: $0, text: sentences.text($0)) }
    unknown = observation.unknown.map { Reported($0, sentences.text($0)) }
    self.samplingSeconds = samplingSeconds
  }
}
