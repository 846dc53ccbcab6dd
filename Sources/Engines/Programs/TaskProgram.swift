internal import AdvisorCore
internal import Executors
internal import System

/// This program on an engine's worker: what it does when it is started with ``argument``, a job string and the numbers of
/// the tasks to do, from 0.
public enum TaskProgram {
  public static let argument = "__tasks"

  /// What an engine starts for tasks of a built-in job.
  ///
  /// - Parameter program: where `advisor` is on the worker.
  static func arguments(program: String, job: Job, tasks: [Int]) -> [String] {
    // Job strings are exact: the notation of `Stage` gives back the same numbers.
    let text = job.stages.map(\.description).joined(separator: "+")
    return [program, argument, text, tasks.map(String.init).joined(separator: ",")]
  }

  /// Does the tasks, one after the other, and ends: with status 1 and the reason where one failed.
  public static func main() -> Never {
    let words = CommandLine.arguments.dropFirst(2)
    let tasks = words.last?.split(separator: ",").compactMap { Int($0) } ?? []
    guard words.count == 2, let text = words.first, let job = try? Job(text), !tasks.isEmpty else {
      complain("\(argument) is how engines start this program; it is of no use by itself", .usage)
    }
    do throws(AdvisorError) {
      let assignment = try Assignment(RunRequest(job: job, plan: Plan(strategy: .sequential, workers: 1)))
      let worker = try ItemWorker(assignment.stages, index: tasks[0])
      for task in tasks {
        if let failure = worker.run(task, Cancellation()) { complain("task \(task): \(failure)", .someTasksFailed) }
      }
    } catch {
      complain(error.problem, error.code)
    }
    OwnProcess.exit(0)
  }

  private static func complain(_ text: String, _ code: AdvisorError.Code) -> Never {
    _ = Array("advisor: \(text)\n".utf8).withUnsafeBytes { FileWriting.writeAll($0, to: StandardStream.error) }
    OwnProcess.exit(code.rawValue)
  }
}
