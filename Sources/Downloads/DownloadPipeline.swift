public import AdvisorCore
private import Synchronization
import System
public import Tasks

/// Downloads files and runs a command on each as it lands: both at the same time, with a bounded number of files between.
///
/// Downloads run on a thread of their own, and hand their paths over through a pipe. They hold back while more files have
/// landed than the command's workers will want next.
public struct DownloadPipeline {
  public struct Summary: Sendable, Hashable {
    public var downloads: DownloadSummary
    public var commands: RunSummary

    /// Of both stages together: a file is done when the command has processed it, now or in an earlier run.
    public var outcome: RunOutcome {
      let (fetched, processed) = (downloads.progress, commands.progress)
      let done = processed.done + processed.skipped + fetched.failed
      return RunOutcome(
        seconds: max(fetched.seconds, processed.seconds), cpuSeconds: fetched.cpuSeconds + processed.cpuSeconds,
        tasks: done, failed: fetched.failed + processed.failed + processed.failedBefore,
        left: max(0, fetched.total - done), maxRSSBytes: processed.maxRSSBytes)
    }

    /// 130 when interrupted, 1 when a download or a task failed.
    public var exitStatus: Int32 {
      commands.exitStatus != 0 ? commands.exitStatus : downloads.exitStatus
    }
  }

  private let downloads: [Download]
  private let folder: String
  private let options: DownloadOptions

  public init(_ downloads: [Download], into folder: String, _ options: DownloadOptions) {
    self.downloads = downloads
    self.folder = folder
    self.options = options
  }

  /// Runs both stages to their end.
  ///
  /// SIGINT lets the tasks under way end and starts no more of either stage; a second one stops all, as SIGTERM does.
  ///
  /// - Parameters:
  ///   - template: the command that each file is given to.
  ///   - commandOptions: how it is run.
  ///   - observer: told of both stages on the calling thread.
  /// - Throws: `AdvisorError` of either stage.
  public func run(
    _ template: CommandTemplate, _ commandOptions: TaskOptions, observer: any DownloadObserver & RunObserver
  ) throws(AdvisorError) -> Summary {
    let pipe = try Pipe()
    let reading = pipe.reading.number
    let handOff = HandOff(writer: pipe.writing)
    let relay = Relay(handOff, observer)
    let commands: RunSummary
    do {
      let reader = InputReader(pipe.reading, name: "the downloads", separator: .null)
      let runner = try CommandRunner(template, TaskInputs(stream: reader), commandOptions, observer: relay)
      let paths = downloads.map { Array(DownloadFolder.path(of: $0.name, in: folder).utf8) }
      commands = try run(runner, handOff, reader: reading, leavingOut: runner.ledger.source.done(among: paths))
    } catch {
      handOff.close()
      throw error
    }
    relay.deliver()
    return Summary(downloads: try handOff.result(), commands: commands)
  }

  /// - Parameter processed: downloads whose files an earlier run has processed: the command may have removed them.
  private func run(
    _ runner: CommandRunner, _ handOff: HandOff, reader: Int32, leavingOut processed: Set<Int>
  ) throws(AdvisorError) -> RunSummary {
    let thread = try WorkerThread { [downloads, folder, options] in
      handOff.download(downloads, into: folder, options, leavingOut: processed)
    }
    defer {
      // Where nobody takes the paths any more, the downloads must not wait to hand one over.
      var path: UInt8 = 0
      while withUnsafeMutableBytes(of: &path, { OpenFile.read(reader, into: $0) }) > 0 {}
      thread.join()
    }
    do {
      let summary = try runner.run()
      if summary.ending != .finished { handOff.control.advance(to: .stopping) }
      return summary
    } catch {
      handOff.control.advance(to: .stopping)
      throw error
    }
  }
}

/// What the two threads share.
private final class HandOff: Sendable {
  private struct State: Sendable {
    var landed = 0
    /// Tasks of the command that have ended or were left out.
    var processed = 0
    /// Files that may have landed and not been processed.
    var bound = 4
    var outcomes: [DownloadOutcome] = []
    var progress: DownloadProgress?
    var result: Result<DownloadSummary, AdvisorError>?
  }

  let control = DownloadControl()
  private let writer: Mutex<Descriptor?>
  private let state = Monitor(State())

  init(writer: consuming Descriptor) {
    self.writer = Mutex(writer)
    // Until the first has landed, too: while the disk is slow, any number would.
    change { _ in }
  }

  /// Runs the downloads; the pipe is closed then.
  func download(
    _ downloads: [Download], into folder: String, _ options: DownloadOptions, leavingOut processed: Set<Int>
  ) {
    // They are for the thread that runs the commands, and a closed pipe is an error of write.
    SignalSource.leaveToOthers()
    let result = Result { () throws(AdvisorError) in
      let feed = Feed(self)
      let runner = try DownloadRunner(downloads, into: folder, options, control: control, observer: feed)
      runner.needless = processed
      return try withExtendedLifetime(feed) { () throws(AdvisorError) in try runner.run() }
    }
    state.withLock { $0.result = result }
    close()
  }

  /// Ends the commands' inputs.
  func close() { writer.withLock { $0 = nil } }

  func result() throws(AdvisorError) -> DownloadSummary {
    guard let result = state.withLock({ $0.result }) else {
      throw AdvisorError(.temporary, "the downloads ended without a result", advice: "please report this")
    }
    return try result.get()
  }

  func landed(_ outcome: DownloadOutcome) {
    change { state in
      state.outcomes.append(outcome)
      if outcome.hasFile { state.landed += 1 }
    }
    guard outcome.hasFile else { return }
    // Where nobody reads any more the run is ending.
    writer.withLock { _ = $0?.write(Array(outcome.path.utf8) + [0]) }
  }

  func progressed(_ progress: DownloadProgress) { state.withLock { $0.progress = progress } }

  func processed(_ count: Int, workers: Int?) {
    change { state in
      state.processed = count
      // Each worker finds its next file there, and the one after that.
      if let workers { state.bound = max(4, 3 * workers) }
    }
  }

  /// What has happened to the downloads since the last call.
  func takeNews() -> (outcomes: [DownloadOutcome], progress: DownloadProgress?) {
    state.withLock { state in
      defer { (state.outcomes, state.progress) = ([], nil) }
      return (state.outcomes, state.progress)
    }
  }

  private func change(_ body: (inout State) -> Void) {
    state.withLock { state in
      body(&state)
      control.wanted = state.bound - (state.landed - state.processed)
    }
  }
}

/// Hands the downloads' events over, on their thread.
private final class Feed: DownloadObserver {
  private let handOff: HandOff

  init(_ handOff: HandOff) { self.handOff = handOff }

  func downloadEnded(_ outcome: DownloadOutcome) { handOff.landed(outcome) }
  func progressed(_ progress: DownloadProgress) { handOff.progressed(progress) }
}

/// Follows the commands, and tells the caller's observer of both stages.
private final class Relay: RunObserver {
  private let handOff: HandOff
  private let observer: any DownloadObserver & RunObserver
  private var ended = 0
  private var skipped = 0

  init(_ handOff: HandOff, _ observer: any DownloadObserver & RunObserver) {
    self.handOff = handOff
    self.observer = observer
  }

  func taskEnded(_ outcome: TaskOutcome) {
    ended += 1
    handOff.processed(ended + skipped, workers: nil)
    deliver()
    observer.taskEnded(outcome)
  }

  func failedBefore(_ text: String) { observer.failedBefore(text) }

  func progressed(_ progress: RunProgress) {
    skipped = progress.skipped
    handOff.processed(ended + skipped, workers: progress.workers)
    if progress.isDraining { handOff.control.advance(to: .draining) }
    deliver()
    observer.progressed(progress)
  }

  func willWrite() { observer.willWrite() }

  func deliver() {
    let news = handOff.takeNews()
    for outcome in news.outcomes { observer.downloadEnded(outcome) }
    if let progress = news.progress { observer.progressed(progress) }
  }
}
