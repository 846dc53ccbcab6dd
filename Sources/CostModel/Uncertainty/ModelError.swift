import AdvisorCore
private import func Glibc.exp

/// How far a part of a predicted time is off before this machine has shown anything, by what the part is and how it is run
/// (docs/model.md, 6.2): the logarithm of observed over predicted seconds is Student's t about `mean`.
///
/// Fitted by `Benchmarks/discrepancy.py` to verifications of the standard suite on two virtual machines of 2 CPUs (AMD EPYC)
/// and one of 16 (Intel Xeon), in quiet and disturbed hours: `Benchmarks/results/2026-11-26-verify-2cpu.json`,
/// `-2cpu-disturbed`, `-16cpu-again`, `-16cpu-third`, `2026-11-29-verify-2cpu.json`. Disks differ more from machine to machine
/// (log ratios of 0.43, 0.74 and 0.05) than from job to job on one: their mean is drawn to 0 by a third, their scale is that
/// between machines. Overheads and programs are guesses.
struct ModelError: Hashable, Sendable {
  /// Parts whose errors have one cause.
  enum Cause: Int, Hashable, Sendable, CaseIterable {
    case compute, memory, disk, transfer, wait, overhead
    /// What a command computes, of which its first tasks tell.
    case program
  }

  /// What the calibration's figures are off by in real runs, on the logarithmic scale: the model adds it.
  var mean: Double
  var scale: Double

  /// Heavier tails than the normal's: a few runs meet what no calibration has met.
  static let degreesOfFreedom = 4.0

  static func of(_ cause: Cause, _ strategy: Strategy) -> ModelError {
    switch (cause, strategy) {
    case (.compute, _): ModelError(mean: 0, scale: 0.075)
    case (.memory, _): ModelError(mean: 0, scale: 0.09)
    case (.disk, _): ModelError(mean: 0.28, scale: 0.25)
    case (.transfer, _): ModelError(mean: 0, scale: 0.22)
    case (.wait, _): ModelError(mean: 0, scale: 0.02)
    case (.overhead, .processes): ModelError(mean: 0, scale: 0.25)
    case (.overhead, _): ModelError(mean: 0, scale: 0.2)
    case (.program, _): ModelError(mean: 0, scale: 0.11)
    }
  }

  /// What reads and transfers take in jobs, over what they took while nothing else was measured.
  static func factor(_ cause: Cause) -> Double { exp(of(cause, .threads).mean) }
}

extension Outcome {
  /// What the error of one of its parts comes from.
  func cause(of part: Part) -> ModelError.Cause {
    switch part.name {
    case .unevenFinish: mainCause
    case .compute, .spawn, .throttling: isOfPrograms ? .program : .compute
    case .memory, .firstTouch: .memory
    case .disk: .disk
    case .transfer, .shipping, .dataInAndOut: .transfer
    case .wait: .wait
    case .start, .dispatch, .fillAndDrain: .overhead
    }
  }

  /// That of its largest part: the last tasks are like the others.
  private var mainCause: ModelError.Cause {
    parts.filter { $0.name != .unevenFinish }.max { $0.seconds < $1.seconds }.map(cause) ?? .compute
  }
}
