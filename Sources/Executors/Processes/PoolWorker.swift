import AdvisorCore
import System

/// A worker process and what it is doing; it ends with this value, and the parent's exit.
final class PoolWorker {
  /// A chunk of tasks, and how many workers have died over it.
  struct Chunk {
    var tasks: Range<Int>
    var deaths = 0
  }

  let index: Int
  private var child: ChildProcess?
  private var channel: Channel
  private(set) var isReady = false
  private(set) var chunk: Chunk?

  /// Starts the process and tells it the job.
  init(_ index: Int, _ assignment: Assignment) throws(AdvisorError) {
    let ends = try SocketPair()
    let child = try ChildProcess(
      WorkerProcess.launch(assignment.workerProgram, input: ends.far.number, error: 2))
    let channel = Channel(ends.near)
    channel.send(
      WorkerSetup(
        parent: Int(OwnProcess.id), index: index, cpu: assignment.plan.cpu(ofWorker: index), job: assignment.job,
        surroundings: assignment.surroundings
      ).frame)
    self.index = index
    self.child = consume child
    self.channel = consume channel
  }

  /// Readable when the worker has answered or died.
  var descriptor: Int32 { channel.descriptor }

  var isIdle: Bool { isReady && chunk == nil }

  /// Hands a chunk to an idle worker.
  func start(_ chunk: Chunk) {
    self.chunk = chunk
    var frame = Frame()
    frame.append(chunk.tasks.lowerBound)
    frame.append(chunk.tasks.upperBound)
    // A worker that has died meanwhile is noticed when it is read from.
    channel.send(frame)
  }

  /// What it has answered since it was last asked; nil where it has died.
  func replies() -> [WorkerReply]? {
    let isAlive = channel.fill()
    var replies: [WorkerReply] = []
    while let frame = channel.nextFrame() {
      guard let reply = WorkerReply(frame) else { return nil }
      replies.append(reply)
      switch reply {
      case .ready: isReady = true
      case .done: chunk = nil
      case .refused: break
      }
    }
    return isAlive || !replies.isEmpty ? replies : nil
  }

  /// Kills the process: between chunks it has nothing to lose.
  func kill() { child?.killGroup(Signal.kill) }

  /// Reaps the process, which is about to end; nil where it was reaped before.
  func reap() -> Exit? {
    guard let child = child.take() else { return nil }
    return child.wait()
  }
}
