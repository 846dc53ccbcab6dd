import System

/// What `/proc/PID/stat` says (proc_pid_stat(5)).
struct ProcessStat: Equatable {
  var name: String
  var state: UInt8
  var parent: Int32
  var majorFaults: Int
  /// CPU time in clock ticks: its own, and that of the children that it has reaped.
  var ticks: Int
  var childTicks: Int
  /// What of both went by in the kernel.
  var kernelTicks: Int
  var threads: Int
  var startTicks: Int
  var residentPages: Int
  /// `PF_KTHREAD` of Linux's `include/linux/sched.h`.
  var isKernelThread: Bool

  /// Nil where it is not what the kernel writes.
  init?(_ text: UnsafeRawBufferPointer) {
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
struct ScheduleFigures: Equatable {
  var runNanoseconds = 0
  var queueNanoseconds = 0
  var slices = 0

  init() {}

  init?(_ text: UnsafeRawBufferPointer) {
    var figures = Figures(text, from: 0)
    runNanoseconds = figures.next()
    queueNanoseconds = figures.next()
    slices = figures.next()
    guard figures.isWhole else { return nil }
  }
}

/// The decimal figures of a line one after the other, read in place: a sample has hundreds of such lines.
struct Figures {
  private let text: UnsafeRawBufferPointer
  private var index: Int
  private(set) var isWhole = true

  init(_ text: UnsafeRawBufferPointer, from index: Int) {
    self.text = text
    self.index = index
  }

  /// 0 where there are no more, and ``isWhole`` is false from then on.
  mutating func next() -> Int {
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

  mutating func skip(_ count: Int) { for _ in 0..<count { _ = next() } }
}
