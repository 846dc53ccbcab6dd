package import AdvisorCore
import Execution
import Glibc
import Probe
import Synchronization

/// A thread that answers every byte that it gets through a pipe with one byte.
package final class Echo {
  private let request: Pipe
  private let reply: Pipe
  private var thread: WorkerThread?

  /// - Parameter cpu: where the answering thread is pinned.
  package init(on cpu: Int) throws(AdvisorError) {
    let request = try Pipe()
    let reply = try Pipe()
    self.request = request
    self.reply = reply
    thread = try WorkerThread {
      try? Affinity.pinCurrentThread(to: [cpu])
      while request.receive() { reply.send() }
    }
  }

  deinit {
    request.closeWriting()
    thread?.join()
  }

  /// Sends a byte and waits for the answer, so many times; returns the seconds that it took.
  package func roundTrips(_ count: Int) -> Double {
    let start = Stopwatch.wall()
    for _ in 0..<count {
      request.send()
      _ = reply.receive()
    }
    return Stopwatch.wall() - start
  }
}

/// A pipe that carries single bytes.
final class Pipe: Sendable {
  let readingEnd: Int32
  private let writing: Int32
  private let isOpenForWriting = Atomic(true)

  init() throws(AdvisorError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .lacking("descriptors for a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    readingEnd = ends[0]
    writing = ends[1]
  }

  deinit {
    closeWriting()
    close(readingEnd)
  }

  func send() {
    var byte: UInt8 = 1
    _ = write(writing, &byte, 1)
  }

  /// Waits for a byte; false when the other end was closed.
  func receive() -> Bool {
    var byte: UInt8 = 0
    return read(readingEnd, &byte, 1) == 1
  }

  func closeWriting() {
    if isOpenForWriting.exchange(false, ordering: .relaxed) { close(writing) }
  }
}
