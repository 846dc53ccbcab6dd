import AdvisorCore
import Probe
import System

/// This program as a worker of another one: what it does when it is started with ``argument``.
///
/// It is told the job over its standard input, a socket, and then chunks of tasks, one after the other; it ends when
/// the socket closes, and at once when its parent dies, however that dies.
public enum WorkerProcess {
  /// The argument with which the program is a worker and nothing else.
  public static let argument = "__worker"

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
