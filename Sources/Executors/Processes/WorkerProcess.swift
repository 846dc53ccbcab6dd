package import AdvisorCore
import Probe
package import System

/// This program as a worker of another one: what it does when it is started with ``argument``.
///
/// It is told the job over its standard input, a socket, and then chunks of tasks, one after the other; it ends when
/// the socket closes, and at once when its parent dies, however that dies.
public enum WorkerProcess {
  /// The argument with which the program is a worker and nothing else.
  public static let argument = "__worker"

  /// What stands in the environment of a worker.
  private static let mark = "ADVISOR_WORKER"

  /// How a program is started as a worker of this one.
  ///
  /// - Parameters:
  ///   - input: a socket over which it is told its job.
  ///   - error: where its complaints go; nil is `/dev/null`.
  /// - Throws: `.usage` in a process that is a worker itself: its program has not called ``main()``, and each worker would start
  ///   more of them without end.
  package static func launch(_ program: String, input: Int32, error: Int32?) throws(AdvisorError) -> Launch {
    guard Environment.value(mark) == nil else {
      throw AdvisorError(
        .usage, "this process was started as a worker (\(mark)=1), and may start no workers itself",
        advice: "have the program call WorkerProcess.main() before all else where its first argument is \(argument)")
    }
    return Launch(
      ["advisor", argument], program: program, environment: Environment.entries + ["\(mark)=1"],
      input: input, output: nil, error: error)
  }

  /// To be called before the command line is parsed, or anything else is done.
  public static func main() -> Never {
    // The kernel watches the thread that started this process: the pool's, which stays until the pool has ended.
    OwnProcess.dieWithParent()
    guard let input = Descriptor(owning: StandardStream.input) else { complain() }
    var channel = Channel(input)
    guard let frame = channel.receive(), let setup = WorkerSetup(frame), setup.parent == Int(OwnProcess.parent) else {
      complain()
    }
    do throws(AdvisorError) {
      if let cpu = setup.cpu { Affinity.pinCurrentThread(to: [cpu]) }
      let worker = try ItemWorker(setup.surroundings.work(of: setup.job), index: setup.index)
      channel.send(WorkerReply.ready.frame)
      serve(worker, &channel)
    } catch {
      channel.send(WorkerReply.refused(error).frame)
    }
    OwnProcess.exit(0)
  }

  private static func serve(_ worker: ItemWorker, _ channel: inout Channel) {
    let never = Cancellation()
    let progress = Progress()
    while var frame = channel.receive(), let start = frame.number(), let end = frame.number(), start < end {
      worker.run(start..<end, progress, never)
      channel.send(WorkerReply.done(worker.takeTally()).frame)
    }
  }

  private static func complain() -> Never {
    let text = "advisor: \(argument) is how this program starts its own workers; it is of no use by itself\n"
    _ = Array(text.utf8).withUnsafeBytes { FileWriting.writeAll($0, to: StandardStream.error) }
    OwnProcess.exit(AdvisorError.Code.usage.rawValue)
  }
}
