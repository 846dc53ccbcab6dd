package import AdvisorCore
import Probe
import System

/// A thread that answers every byte that it gets through a pipe with one byte.
package final class Echo {
  private var request: Descriptor?
  private let reply: Descriptor
  private var thread: WorkerThread?

  /// - Parameter cpu: where the answering thread is pinned.
  package init(on cpu: Int) throws(AdvisorError) {
    let request = try Pipe()
    let reply = try Pipe()
    let (asked, answers) = (Shared(request.reading), Shared(reply.writing))
    self.request = consume request.writing
    self.reply = reply.reading
    thread = try WorkerThread {
      Affinity.pinCurrentThread(to: [cpu])
      while asked.descriptor.receiveByte() { answers.descriptor.sendByte() }
    }
  }

  deinit {
    request = nil
    thread?.join()
  }

  /// Sends a byte and waits for the answer, `count` times; returns the seconds that took.
  package func roundTrips(_ count: Int) -> Double {
    let start = MonotonicClock.seconds
    for _ in 0..<count {
      request?.sendByte()
      _ = reply.receiveByte()
    }
    return MonotonicClock.seconds - start
  }
}

/// An end of a pipe that several threads use.
final class Shared: Sendable {
  let descriptor: Descriptor

  init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
}

extension Descriptor {
  func sendByte() {
    var byte: UInt8 = 1
    _ = withUnsafeBytes(of: &byte) { OpenFile.writeSome(number, $0) }
  }

  /// Waits for a byte; false when the other end was closed.
  func receiveByte() -> Bool {
    var byte: UInt8 = 0
    return withUnsafeMutableBytes(of: &byte) { OpenFile.read(number, into: $0) } == 1
  }
}
