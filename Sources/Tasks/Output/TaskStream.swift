internal import AdvisorCore
internal import System

/// The pipe that a task writes one of its outputs into.
///
/// This process keeps the writing end too while the task runs: else the end of each task would wake it three times, once
/// for each pipe and once for the process.
final class TaskStream {
  let sink: any OutputSink
  private let pipe: Pipe
  /// What a pipe holds unless it is told otherwise (pipe(7)).
  private static let usualBytes = 1 << 16
  private var isLarge = false

  var writeEnd: Int32 { pipe.writing.number }

  /// - Throws: `AdvisorError` (temporary) when the system is short of descriptors.
  init(into sink: any OutputSink) throws(AdvisorError) {
    self.sink = sink
    pipe = try Pipe()
  }

  func watch(_ poll: borrowing EventPoll, as code: UInt64) throws(AdvisorError) {
    try poll.add(pipe.reading.number, as: code)
  }

  /// Makes room for what comes in bulk: a pipe that is full slows its task down.
  func enlarge() {
    guard !isLarge else { return }
    isLarge = true
    OpenFile.setPipeCapacity(pipe.reading.number, InputFeed.maxPipeBytes)
  }

  /// Takes what the pipe holds now: never more, so that one task cannot hold up the others, and what a process that it has
  /// left behind writes later goes nowhere.
  func read() throws(AdvisorError) {
    guard var left = OpenFile.waitingBytes(pipe.reading.number) else { return }
    if left >= Self.usualBytes { enlarge() }
    while left > 0 {
      let count = try take(left)
      guard count > 0 else { return }
      left -= count
    }
  }

  private func take(_ most: Int) throws(AdvisorError) -> Int {
    if let taken = try sink.take(most, from: pipe.reading.number) { return taken }
    return try read(most)
  }

  private func read(_ most: Int) throws(AdvisorError) -> Int {
    try withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { buffer throws(AdvisorError) in
      let count = pipe.reading.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(most)))
      guard count > 0 else { return 0 }
      try sink.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      return count
    }
  }
}
