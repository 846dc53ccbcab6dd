/// How many workers a program that is none of ours should start here (`advisor.cpus/1`): what `make -j$(advisor cpus)`
/// puts in.
public struct CPUCount: Codable, Sendable, Hashable {
  /// What the workers are, which decides what a fraction of a CPU becomes.
  public enum Purpose: String, Codable, Sendable, CaseIterable {
    /// Independent processes or tasks: the ceiling, since one that is held up holds up no other.
    case build
    /// Threads that meet at barriers: the floor, since all wait for the one that a quota stops.
    case barrier
    /// Threads that answer requests: the nearest. One too many is stopped by the quota with a request in hand; one too few
    /// leaves CPU time unused.
    case server
  }

  /// What each purpose makes of the same bounds.
  public struct Choices: Codable, Sendable, Hashable {
    public var build: Int
    public var barrier: Int
    public var server: Int

    public init(build: Int, barrier: Int, server: Int) {
      self.build = build
      self.barrier = barrier
      self.server = server
    }

    public subscript(purpose: Purpose) -> Int {
      switch purpose {
      case .build: build
      case .barrier: barrier
      case .server: server
      }
    }
  }

  /// One limit on the count.
  public struct Bound: Codable, Sendable, Hashable {
    public enum What: String, Codable, Sendable { case cpus, quota, batch, memory, processes, max }

    public var what: What
    /// CPUs for `cpus`, `quota` and `batch`, workers for the others.
    public var value: Double
    /// The file, the variable or the option that says so.
    public var source: String

    public init(_ what: What, _ value: Double, source: String) {
      self.what = what
      self.value = value
      self.source = source
    }
  }

  /// Codes with figures, of which Reports makes sentences.
  public enum Warning: Codable, Sendable, Hashable {
    case unreadableLimits(
      limits: [Machine.Limits.Name], mayBeLower: Bool, cause: Machine.UnknownLimit.Cause, file: String)
    /// A batch system's variable that holds no number of CPUs, and is not used.
    case invalidVariable(name: String, value: String)
    /// One worker needs more memory than may be used.
    case workerTooLarge(bytes: Double, usableBytes: Double)
    /// More CPUs were asked for than may be used at a time.
    case tooManyCPUs(cpus: Int, usable: Int)
  }

  public static let schema = "advisor.cpus/1"

  public var schema = Self.schema
  public var cpus: Int
  public var `for`: Purpose
  public var choices: Choices
  /// Tightest first.
  public var bounds: [Bound]
  /// What was not believed or could not be read.
  public var warnings: [Warning]

  /// - Parameters:
  ///   - bounds: what limits the count; at least the CPUs of the affinity mask.
  public init(_ bounds: [Bound], for purpose: Purpose, warnings: [Warning] = []) {
    choices = Choices(bounds)
    cpus = choices[purpose]
    self.for = purpose
    self.bounds = bounds.sorted { $0.value < $1.value }
    self.warnings = warnings
  }
}

extension CPUCount.Choices {
  fileprivate init(_ bounds: [CPUCount.Bound]) {
    func least(_ kinds: [CPUCount.Bound.What]) -> Double {
      bounds.filter { kinds.contains($0.what) }.map(\.value).min() ?? .infinity
    }
    let cpus = least([.cpus, .batch, .quota])
    let workers = least([.memory, .processes, .max])
    func whole(_ value: Double) -> Int { max(1, Int(min(value, workers, 1e6).rounded(.down))) }
    build = whole(cpus.rounded(.up))
    barrier = whole(cpus)
    server = whole(cpus.rounded())
  }
}
