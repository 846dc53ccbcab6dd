private import CLinux
private import Glibc

/// A count of what the processor or the kernel does for a thread and all that it starts later, those that have ended included
/// (perf_event_open(2)).
package final class PerformanceCounter {
  package enum Event: Sendable, CaseIterable {
    /// Of the processor, while the program's own code runs: `PERF_COUNT_HW_…`. Misses are those of the last-level cache, on AMD
    /// of the second level.
    case cycles, instructions, cacheMisses
    /// Of the kernel: `PERF_COUNT_SW_…`. Switches and migrations happen in the kernel, which more rights are needed for.
    case pageFaults, contextSwitches, migrations
  }

  /// Whose events count.
  package enum Subject: Sendable {
    /// Threads and processes that a thread of this process, or another's, starts from now on, and the thread.
    case thread(Int32)
    /// The programs that the calling thread starts from now on, each from its first instruction.
    case programsOfCaller
  }

  private let descriptor: Descriptor

  /// Starts to count.
  ///
  /// - Throws: ``Errno/noSuchFileOrDirectory`` and its like where nothing counts such events, as on most virtual machines;
  ///   ``Errno/permissionDenied`` where `kernel.perf_event_paranoid` or a container forbids it.
  package init(_ event: Event, of subject: Subject) throws(Errno) {
    let (thread, fromExec): (Int32, Bool) =
      switch subject {
      case .thread(let id): (id, false)
      case .programsOfCaller: (0, true)
      }
    let (type, config) = event.attributes
    let number = clinux_perf_open(type, config, thread, event.isOfKernel, fromExec)
    guard let descriptor = Descriptor(owning: number) else { throw Errno(-number) }
    self.descriptor = descriptor
  }

  /// How many there were; where the processor has counted by turns, scaled to all of the time. Nil where it has never counted.
  package var count: Double? {
    withUnsafeTemporaryAllocation(of: clinux_perf_count.self, capacity: 1) { buffer in
      guard descriptor.read(into: UnsafeMutableRawBufferPointer(buffer)) == MemoryLayout<clinux_perf_count>.size
      else { return nil }
      let read = buffer[0]
      guard read.running_nanoseconds > 0 else { return nil }
      return Double(read.value) * Double(read.enabled_nanoseconds) / Double(read.running_nanoseconds)
    }
  }
}

extension PerformanceCounter.Event {
  fileprivate var attributes: (type: UInt32, config: UInt64) {
    switch self {
    case .cycles: (PERF_TYPE_HARDWARE.rawValue, UInt64(PERF_COUNT_HW_CPU_CYCLES.rawValue))
    case .instructions: (PERF_TYPE_HARDWARE.rawValue, UInt64(PERF_COUNT_HW_INSTRUCTIONS.rawValue))
    case .cacheMisses: (PERF_TYPE_HARDWARE.rawValue, UInt64(PERF_COUNT_HW_CACHE_MISSES.rawValue))
    case .pageFaults: (PERF_TYPE_SOFTWARE.rawValue, UInt64(PERF_COUNT_SW_PAGE_FAULTS.rawValue))
    case .contextSwitches: (PERF_TYPE_SOFTWARE.rawValue, UInt64(PERF_COUNT_SW_CONTEXT_SWITCHES.rawValue))
    case .migrations: (PERF_TYPE_SOFTWARE.rawValue, UInt64(PERF_COUNT_SW_CPU_MIGRATIONS.rawValue))
    }
  }

  fileprivate var isOfKernel: Bool { self == .contextSwitches || self == .migrations }
}
