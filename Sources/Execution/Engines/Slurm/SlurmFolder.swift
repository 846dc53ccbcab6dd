internal import AdvisorCore
private import FoundationEssentials
private import Glibc

/// The folder of a run's own in the shared one: tasks on their way out, results on theirs home, and the jobs that carry them.
///
/// Its owner holds a lock on a file in it for as long as it lives. A folder whose lock can be had is that of a run which was
/// killed: the next run cancels its jobs and removes it.
final class SlurmFolder {
  let path: String
  private let lock: Descriptor

  private static let prefix = "advisor-slurm-"

  /// - Parameter parent: shared by this machine and all nodes.
  init(in parent: String) throws(AdvisorError) {
    let whole = realpath(parent, nil).map { path in
      defer { free(path) }
      return String(cString: path)
    }
    var name = Array("\(whole ?? parent)/\(Self.prefix)XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw Self.failure(parent) }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // Locked before it has its name: nobody finds it without its owner.
    guard let file = Descriptor(opening: "\(path)/.owner", O_WRONLY | O_CREAT | O_EXCL, mode: 0o600),
      flock(file.number, LOCK_EX | LOCK_NB) == 0, rename("\(path)/.owner", "\(path)/owner") == 0
    else { throw Self.failure(path) }
    lock = file
  }

  private static func failure(_ path: String) -> AdvisorError {
    AdvisorError(
      .cannotWrite, "cannot make a folder in \(path): \(String(cString: strerror(errno)))",
      advice: "name one that you may write and that all nodes share: --shared-folder DIR")
  }

  /// Its last part, as jobs are named after it.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Keeps a job's number, for whoever has to cancel it should this process be killed.
  func remember(_ job: String) throws(AdvisorError) {
    let file = Descriptor(opening: "\(path)/jobs", O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
    let code = file?.write(Array("\(job)\n".utf8)) ?? errno
    guard code == 0 else {
      throw AdvisorError(
        .cannotWrite, "cannot write to \(path)/jobs: \(String(cString: strerror(code)))", advice: "make room there")
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Ends what runs that were killed have left in the parent, and says so.
  func endThoseOfTheDead(_ commands: SlurmCommands) -> [String] {
    let parent = String(path.dropLast(name.count))
    let all = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    return all.filter { $0.hasPrefix(Self.prefix) && $0 != name }.sorted().compactMap { other in
      let folder = parent + other
      guard let file = Descriptor(opening: "\(folder)/owner", O_WRONLY),
        flock(file.number, LOCK_EX | LOCK_NB) == 0
      else { return nil }
      let text = (try? Data(contentsOf: URL(filePath: "\(folder)/jobs"))).map { String(decoding: $0, as: UTF8.self) }
      let jobs = (text ?? "").split(separator: "\n").map(String.init)
      commands.cancel(jobs)
      try? FileManager.default.removeItem(atPath: folder)
      return
        "a run that was killed had left \(jobs.count) job\(jobs.count == 1 ? "" : "s") in Slurm's queue: cancelled, "
        + "and \(other) removed"
    }
  }
}
