/// What `/proc/PID/stat` says (proc_pid_stat(5)).
package struct ProcessStat: Equatable {
  package var name: String
  package var state: UInt8
  package var parent: Int32
  package var majorFaults: Int
  /// CPU time in clock ticks: its own, and that of the children that it has reaped.
  package var ticks: Int
  package var childTicks: Int
  /// What of both went by in the kernel.
  package var kernelTicks: Int
  package var threads: Int
  package var startTicks: Int
  package var residentPages: Int
  /// `PF_KTHREAD` of Linux's `include/linux/sched.h`.
  package var isKernelThread: Bool

  /// Nil where it is not what the kernel writes.
  package init?(_ text: UnsafeRawBufferPointer) {
    // The name may hold anything, parentheses too.
    guard let open = text.firstIndex(of: UInt8(ascii: "(")), let close = text.lastIndex(of: UInt8(ascii: ")")),
      open < close, close + 3 < text.count
    else { return nil }
    name = String(decoding: UnsafeRawBufferPointer(rebasing: text[(open + 1)..<close]), as: UTF8.self)
    state = text[close + 2]
    var figures = Figures(text, from: close + 4)
    parent = Int32(truncatingIfNeeded: figures.next())
    figures.skip(4)
    isKernelThread = figures.next() & 0x0020_0000 != 0
    figures.skip(2)
    majorFaults = figures.next()
    figures.skip(1)
    let times = (0..<4).map { _ in figures.next() }
    ticks = times[0] &+ times[1]
    childTicks = times[2] &+ times[3]
    kernelTicks = times[1] &+ times[3]
    figures.skip(2)
    threads = figures.next()
    figures.skip(1)
    startTicks = figures.next()
    figures.skip(1)
    residentPages = figures.next()
    guard figures.isWhole else { return nil }
  }
}

/// What `schedstat` of a thread says: nanoseconds on a CPU and in the queue, and the number of times on a CPU
/// (Linux's Documentation/scheduler/sched-stats.rst).
package struct ScheduleFigures: Equatable {
  package var runNanoseconds = 0
  package var queueNanoseconds = 0
  package var slices = 0

  package init() {}

  package init?(_ text: UnsafeRawBufferPointer) {
    var figures = Figures(text, from: 0)
    runNanoseconds = figures.next()
    queueNanoseconds = figures.next()
    slices = figures.next()
    guard figures.isWhole else { return nil }
  }
}

/// The decimal figures of a line one after the other, read in place: a sample has hundreds of such lines.
package struct Figures {
  private let text: UnsafeRawBufferPointer
  private var index: Int
  package private(set) var isWhole = true

  package init(_ text: UnsafeRawBufferPointer, from index: Int) {
    self.text = text
    self.index = index
  }

  /// 0 where there are no more, and ``isWhole`` is false from then on.
  package mutating func next() -> Int {
    while index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
    let isNegative = index < text.count && text[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var (value, start) = (0, index)
    while index < text.count, case let digit = text[index] &- UInt8(ascii: "0"), digit < 10 {
      value = value &* 10 &+ Int(digit)
      index += 1
    }
    if start == index { isWhole = false }
    start = index
    return isNegative ? -value : value
  }

  package mutating func skip(_ count: Int) { for _ in 0..<count { _ = next() } }
}
