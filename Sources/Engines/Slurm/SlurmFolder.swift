internal import AdvisorCore
private import FoundationEssentials
internal import System

/// The folder of a run's own in the shared one: tasks on their way out, results on theirs home, and the jobs that carry them.
///
/// The jobs of a run that was killed, the next run cancels.
final class SlurmFolder {
  private let folder: RunFolder

  /// - Parameter parent: shared by this machine and all nodes.
  init(in parent: String) throws(AdvisorError) {
    folder = try RunFolder(
      in: parent, prefix: "advisor-slurm-",
      advice: "name one that you may write and that all nodes share: --shared-folder DIR")
  }

  var path: String { folder.path }

  /// As jobs are named after it.
  var name: String { folder.name }

  /// Keeps a job's number, for whoever has to cancel it should this process be killed.
  func remember(_ job: String) throws(AdvisorError) {
    let jobs = "\(path)/jobs"
    try WriteFault.named(jobs) { () throws(WriteFault) in
      let code = try ResolvedPath.append(to: jobs, mode: 0o600).write(Array("\(job)\n".utf8))
      guard code == 0 else { throw WriteFault(code) }
    }
  }

  func remove() { folder.remove() }

  /// Ends what runs that were killed have left in the parent, and says so.
  func endThoseOfTheDead(_ commands: SlurmCommands) -> [String] {
    folder.removeThoseOfTheDead { path, name in
      let text = (try? Data(contentsOf: URL(filePath: "\(path)/jobs"))).map { String(decoding: $0, as: UTF8.self) }
      let jobs = (text ?? "").split(separator: "\n").map(String.init)
      commands.cancel(jobs)
      return
        "a run that was killed had left \(count(jobs.count, "job")) in Slurm's queue: cancelled, "
        + "and \(name) removed"
    }
  }
}
