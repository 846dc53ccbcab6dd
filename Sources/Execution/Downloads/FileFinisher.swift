internal import AdvisorCore
internal import CLinux
private import Glibc

/// Gives files that have arrived wholly their names, on a thread of its own: first the disk must hold them. Where that is
/// not waited for, they get them at once.
///
/// One flush serves all files that wait for one, so that many small files do not wait for the disk one after another.
final class FileFinisher: Sendable {
  /// A part with all its bytes; its descriptor is closed here.
  struct File: Sendable {
    var index: Int
    var name: String
    var descriptor: Int32
    var isUnnamed = false
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

  /// Files of one burst are gathered for so long, rather than wake up for each.
  private static let gatherMicroseconds: UInt32 = 2000
  /// Above so many files at once, one flush of the whole file system is cheaper than one a file.
  private static let fewFiles = 4

  /// Can be read when something has finished.
  let descriptor: Int32
  private let queue = Monitor(Queue())
  private let folder: Int32
  /// Nil where nothing is waited for.
  private let thread: WorkerThread?

  /// - Parameters:
  ///   - folder: stays the caller's, and open as long as this lives.
  ///   - flushes: whether to wait for the disk; else a name may outlive its bytes where the power fails.
  init(folder: Int32, flushes: Bool = true) throws(AdvisorError) {
    let descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard descriptor >= 0 else {
      throw AdvisorError(
        .temporary, "cannot make an event descriptor: \(String(cString: strerror(errno)))",
        advice: "raise the limit on open files (ulimit -n)")
    }
    self.descriptor = descriptor
    self.folder = folder
    thread = flushes ? try WorkerThread { [queue] in Self.work(queue, folder, descriptor) } : nil
  }

  deinit {
    queue.signal { $0.isClosed = true }
    thread?.join()
    close(descriptor)
  }

  func finish(_ file: File) {
    guard thread != nil else {
      let code = Self.finish(file, in: folder, 0)
      return queue.withLock { $0.finished.append(Finished(index: file.index, errno: code)) }
    }
    queue.signal { $0.arrived.append(file) }
  }

  /// What has finished since the last call.
  func takeFinished() -> [Finished] {
    if thread != nil {
      var count: UInt64 = 0
      _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
    return queue.withLock { queue in
      defer { queue.finished = [] }
      return queue.finished
    }
  }

  private static func work(_ queue: Monitor<Queue>, _ folder: Int32, _ event: Int32) {
    SignalSource.leaveToOthers()
    while true {
      let isOver = queue.wait { queue in queue.arrived.isEmpty ? (queue.isClosed ? true : nil) : false }
      if isOver { return }
      usleep(gatherMicroseconds)
      let batch = queue.withLock { queue in
        defer { queue.arrived = [] }
        return queue.arrived
      }
      let finished = finish(batch, in: folder)
      queue.withLock { $0.finished += finished }
      var one: UInt64 = 1
      _ = write(event, &one, MemoryLayout<UInt64>.size)
    }
  }

  /// Gives a file its name, in place of what had it before. Returns 0 or the errno.
  private static func name(_ file: File, in folder: Int32) -> Int32 {
    let part = DownloadFolder.part(of: file.name)
    if file.isUnnamed {
      if clinux_link(file.descriptor, folder, file.name) == 0 { return 0 }
      // The name is taken: only a rename takes it over at once.
      let code = clinux_link(file.descriptor, folder, part)
      guard code == 0 else { return -code }
    }
    return renameat(folder, part, folder, file.name) == 0 ? 0 : errno
  }

  private static func finish(_ batch: [File], in folder: Int32) -> [Finished] {
    let together = batch.count > fewFiles && clinux_sync_file_system(folder) == 0
    let finished = batch.map { file in
      let code = !together && fsync(file.descriptor) != 0 ? errno : 0
      return Finished(index: file.index, errno: finish(file, in: folder, code))
    }
    // The names, too, must survive a power cut.
    if together { _ = clinux_sync_file_system(folder) } else { fsync(folder) }
    return finished
  }

  /// Names a file, unless something has gone wrong with it before, and closes it. Returns 0 or the errno.
  private static func finish(_ file: File, in folder: Int32, _ fault: Int32) -> Int32 {
    let code = fault == 0 ? name(file, in: folder) : fault
    return close(file.descriptor) != 0 && code == 0 ? errno : code
  }
}
