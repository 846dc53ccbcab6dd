import System

/// What the processor has counted of a tree since it was first looked at, while its own code ran, not the kernel's.
public struct HardwareCounts: Codable, Sendable, Hashable {
  public var instructions: Double
  public var cycles: Double
  /// Nil where only instructions and cycles are counted.
  public var cacheMisses: Double?

  public init(instructions: Double, cycles: Double, cacheMisses: Double? = nil) {
    self.instructions = instructions
    self.cycles = cycles
    self.cacheMisses = cacheMisses
  }

  public var instructionsPerCycle: Double { instructions / max(cycles, 1) }
}

/// Why instructions and cache misses are not counted.
public enum CounterFault: String, Codable, Sendable, Hashable, CaseIterable {
  /// The processor shows none, as on most virtual machines.
  case noHardware
  /// `kernel.perf_event_paranoid`, or the rules of a container, forbid it.
  case forbidden
  /// The kernel was built without.
  case noKernelSupport
  /// There are more threads than descriptors for them, or the tree had ended.
  case noRoom

  init(_ code: Errno) {
    switch code {
    case .permissionDenied, .notPermitted: self = .forbidden
    case .noFunction: self = .noKernelSupport
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noSuchProcess: self = .noRoom
    default: self = .noHardware
    }
  }
}

/// The processor's counters of a tree.
struct HardwareCounters {
  private var counters: [PerformanceCounter.Event: [PerformanceCounter]] = [:]
  private(set) var fault: CounterFault?

  /// Counts what this thread starts from now on.
  init() { open(.programsOfCaller) }

  /// Counts those threads, of another's, and all that they start from now on.
  init(of threads: [Int32]) {
    if threads.count > Self.maxThreads { fault = .noRoom }
    for thread in threads where fault == nil { open(.thread(thread)) }
  }

  /// Each takes three descriptors.
  private static let maxThreads = 128

  private mutating func open(_ subject: PerformanceCounter.Subject) {
    for event in [PerformanceCounter.Event.instructions, .cycles, .cacheMisses] {
      do throws(Errno) {
        counters[event, default: []].append(try PerformanceCounter(event, of: subject))
      } catch {
        // Of many threads one may have ended meanwhile; misses alone may be missing.
        if error != .noSuchProcess, event != .cacheMisses { fault = fault ?? CounterFault(error) }
      }
    }
  }

  var counts: HardwareCounts? {
    guard fault == nil, let instructions = sum(.instructions), let cycles = sum(.cycles), cycles > 0 else { return nil }
    return HardwareCounts(instructions: instructions, cycles: cycles, cacheMisses: sum(.cacheMisses))
  }

  private func sum(_ event: PerformanceCounter.Event) -> Double? {
    let counts = counters[event, default: []].compactMap(\.count)
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }
}
