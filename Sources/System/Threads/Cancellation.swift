private import Synchronization

/// A request to stop early, which workers look for between slices of work.
///
/// Setting it is one atomic store, safe from a signal handler.
public final class Cancellation: Sendable {
  private let flag = Atomic(false)
  private let outer: Cancellation?

  public init() { outer = nil }

  /// One that follows another, and can be set without setting that.
  package init(within outer: Cancellation) { self.outer = outer }

  public func cancel() { flag.store(true, ordering: .releasing) }

  public var isCancelled: Bool { flag.load(ordering: .acquiring) || outer?.isCancelled ?? false }
}

extension Cancellation {
  /// How long a worker that waits may take to notice, in nanoseconds.
  package static let patience: UInt64 = 50_000_000
}
