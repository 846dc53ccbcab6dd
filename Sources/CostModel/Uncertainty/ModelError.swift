import AdvisorCore
private import func Glibc.pow

/// How far a part of a predicted time is off before this machine has shown anything, by what the part is and how it is run
/// (docs/model.md, 6.2): the logarithm of observed over predicted seconds is Student's t about 0.
///
/// Fitted by `Benchmarks/discrepancy.py` to verifications of the standard suite on virtual machines of 2 CPUs (AMD EPYC) and one
/// of 16 (Intel Xeon), in quiet and disturbed hours: `Benchmarks/results/2026-11-26-verify-16cpu-again.json`, `-16cpu-third`,
/// `2026-11-30-verify-2cpu-third.json`, `-fourth`, `-fifth`, `-sixth` and `-disturbed-again`. Earlier ones met faults of the model
/// that have been mended since. Memory moves more from hour to hour: by 13 verifications of a night. Overheads are guesses.
/// Of programs, 36 runs of commands that compute (`verify --commands`) on the former machine were off by 0.055, and others may be
/// by more.
struct ModelError: Hashable, Sendable {
  /// Parts whose errors have one cause.
  enum Cause: Int, Hashable, Sendable, CaseIterable {
    case compute, memory, disk, transfer, wait, overhead
    /// What a command computes, of which its first tasks tell.
    case program
  }

  /// On the logarithmic scale.
  var scale: Double

  /// Heavier tails than the normal's: a few runs meet what no calibration has met.
  static let degreesOfFreedom = 4.0

  /// - Parameter cpus: on which it computes at once.
  static func of(_ cause: Cause, _ strategy: Strategy, cpus: Int) -> ModelError {
    switch (cause, strategy) {
    case (.compute, _): ModelError(scale: computing(on: cpus))
    case (.memory, _): ModelError(scale: 0.12)
    case (.disk, _): ModelError(scale: 0.09)
    case (.transfer, _): ModelError(scale: 0.17)
    case (.wait, _): ModelError(scale: 0.015)
    case (.overhead, .processes): ModelError(scale: 0.25)
    case (.overhead, _): ModelError(scale: 0.2)
    case (.program, _): ModelError(scale: max(0.07, computing(on: cpus)))
    }
  }

  /// How much faster CPUs are together is calibrated with few numbers of threads: what ran on 2 CPUs was off by 0.013 in the median,
  /// on 7 to 12 of 16 by 0.07, on 16 by 0.15 (docs/model.md, 6.2). Nothing on more has been recorded.
  private static func computing(on cpus: Int) -> Double { 0.025 * pow(Double(min(max(2, cpus), 16)) / 2, 0.9) }
}

extension Outcome {
  /// What the error of one of its parts comes from.
  func cause(of part: Part) -> ModelError.Cause {
    switch part.name {
    case .unevenFinish: mainCause
    case .compute, .spawn, .throttling: isOfPrograms ? .program : .compute
    case .memory, .firstTouch: .memory
    case .disk: .disk
    case .transfer, .bufferGrowth, .shipping, .dataInAndOut: .transfer
    case .wait: .wait
    case .start, .dispatch, .fillAndDrain: .overhead
    }
  }

  /// That of its largest part: the last tasks are like the others.
  private var mainCause: ModelError.Cause {
    parts.filter { $0.name != .unevenFinish }.max { $0.seconds < $1.seconds }.map(cause) ?? .compute
  }
}
