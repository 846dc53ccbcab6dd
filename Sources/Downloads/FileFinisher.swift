internal import AdvisorCore
internal import System

/// Gives what has arrived wholly a file of its name, on a thread of its own: while the disk is at work, and is waited for
/// where that is asked for, others arrive.
///
/// One flush serves all files that wait for one, so that many small files do not wait for the disk one after another.
final class FileFinisher: Sendable {
  /// What the file is to hold.
  enum Content: Sendable {
    /// A part with all its bytes; its descriptor is closed here.
    case part(descriptor: Int32, isUnnamed: Bool)
    case body([UInt8])
  }

  struct File: Sendable {
    var index: Int
    var name: String
    var content: Content
  }

  struct Finished: Sendable {
    var index: Int
    /// 0, or why the file could not be kept.
    var errno: Int32
  }

  private struct Queue: Sendable {
    var arrived: [File] = []
    var finished: [Finished] = []
    var isClosed = false
  }

  /// Where the files are made; the descriptor stays the caller's.
  private struct Folder: Sendable {
    var descriptor: Int32
    var takesUnnamed: Bool
    var flushes: Bool
    /// Files that may be open together.
    var maxOpen: Int
  }

  /// Files of one burst are gathered for this long, rather than waking up for each.
  private static let gatherNanoseconds: UInt64 = 2_000_000
  /// So many files are told of together: the thread that downloads may wait for them to make room.
  private static let toldTogether = 64
  /// Above this many files at once, one flush of the whole file system is cheaper than one a file.
  private static let fewFiles = 4

  /// Can be read when something has finished.
  var descriptor: Int32 { event.descriptor }
  private let event: EventCounter
  private let queue = Monitor(Queue())
  private let thread: WorkerThread

  /// - Parameters:
  ///   - folder: must stay open as long as this lives.
  ///   - flushes: whether to wait for the disk; else a name may outlive its bytes where the power fails.
  init(_ folder: borrowing DownloadFolder, flushes: Bool = true) throws(AdvisorError) {
    guard let event = EventCounter() else {
      throw AdvisorError(
        .temporary, "cannot make an event descriptor: \(Errno.last.text)",
        advice: "raise the limit on open files (ulimit -n)")
    }
    self.event = event
    // Connections need most of those that a process may have open.
    let maxOpen = flushes ? Int(max(1, min(128, (ResourceLimit(.openFiles)?.soft ?? 0) / 8))) : 1
    let folder = Folder(
      descriptor: folder.descriptor, takesUnnamed: folder.takesUnnamed, flushes: flushes, maxOpen: maxOpen)
    thread = try WorkerThread { [queue] in Self.work(queue, folder, event) }
  }

  deinit {
    queue.signal { $0.isClosed = true }
    thread.join()
  }

  func finish(_ file: File) { queue.signal { $0.arrived.append(file) } }

  /// What has finished since the last call.
  func takeFinished() -> [Finished] {
    guard event.take() != nil else { return [] }
    return queue.withLock { queue in
      defer { queue.finished = [] }
      return queue.finished
    }
  }

  /// Waits until something has finished; there must be something that has not.
  func awaitFinished() -> [Finished] {
    queue.wait { queue in
      defer { queue.finished = [] }
      return queue.finished.isEmpty ? nil : queue.finished
    }
  }

  private static func work(_ queue: Monitor<Queue>, _ folder: Folder, _ event: EventCounter) {
    SignalSource.leaveToOthers()
    while true {
      let isOver = queue.wait { queue in queue.arrived.isEmpty ? (queue.isClosed ? true : nil) : false }
      if isOver { return }
      MonotonicClock.sleep(until: MonotonicClock.now + gatherNanoseconds)
      let batch = queue.withLock { queue in
        defer { queue.arrived = [] }
        return queue.arrived
      }
      var told = 0
      for start in stride(from: 0, to: batch.count, by: folder.maxOpen) {
        let end = min(batch.count, start + folder.maxOpen)
        let finished = finish(batch[start..<end], in: folder)
        queue.signal { $0.finished += finished }
        guard end == batch.count || end - told >= toldTogether else { continue }
        event.add()
        told = end
      }
    }
  }

  private static func finish(_ batch: ArraySlice<File>, in folder: Folder) -> [Finished] {
    let files = batch.map { StoredFile($0.name, $0.content, in: folder.descriptor, unnamed: folder.takesUnnamed) }
    let together = folder.flushes && files.count > fewFiles && OpenFile.syncFileSystem(folder.descriptor)
    let finished = zip(batch, files).map { entry, file in
      if folder.flushes, !together { file.flush() }
      return Finished(index: entry.index, errno: file.end(in: folder.descriptor))
    }
    // The names, too, must survive a power cut.
    if folder.flushes {
      _ = together ? OpenFile.syncFileSystem(folder.descriptor) : OpenFile.sync(folder.descriptor) == 0
    }
    return finished
  }
}
