public import AdvisorCore

/// Known work that one worker does again and again.
///
/// It is made on the thread that will run it, which also touches its memory first, so that Linux places the memory on
/// that thread's NUMA node. It is not `Sendable`.
public protocol Workload: AnyObject {
  /// About half a millisecond of work: a worker that must notice cancellation runs no more than this at a time.
  var sliceUnits: Int { get }

  /// Does a number of units of work; less than one is none.
  ///
  /// - Returns: a value that depends on all of the work, so that the compiler cannot leave any of it out.
  /// - Throws: where the machine fails, as by a read error.
  func run(units: Int) throws(AdvisorError) -> UInt64
}

extension Kernel {
  /// A workload of this kernel with a buffer of its own, of at most 200 KiB.
  public func makeWorkload(seed: UInt64 = 1) -> any Workload {
    switch self {
    case .word: WordWorkload(seed: seed)
    case .sha256: HashWorkload(seed: seed)
    case .sort: SortWorkload(seed: seed)
    case .matmul: MatrixWorkload(seed: seed)
    }
  }
}
