public import AdvisorCore
internal import Transfer
private import Workloads
internal import System

/// Downloads things into a folder, many at once, on the calling thread.
///
/// The number in flight is found while they run, unless the user fixes it. What a broken attempt has brought is kept and
/// gone on from where the server can tell that it has not changed.
public final class DownloadRunner {
  let downloads: [Download]
  let options: DownloadOptions
  let control: DownloadControl
  weak var observer: (any DownloadObserver)?
  let target: DownloadTarget
  let finisher: FileFinisher
  var hosts: HostQueues
  var progress = DownloadProgress()
  /// Those that wait for another attempt.
  var delayed = TimerHeap<Int>()
  /// How often the connection of a download was given up early.
  var dropped: [Int: Int] = [:]
  /// Attempts that have begun, by download.
  var attempts: [Int]
  var sinks: [Int: DownloadSink] = [:]
  /// Downloads that are left out when resuming, whether their files are there or not.
  var needless: Set<Int> = []
  /// Files that have arrived, and are being given their names.
  var finishing: [Int: DownloadOutcome] = [:]
  private let startedAt = MonotonicClock.now
  private let startCPU = CPUClock.thread
  private var nextLook = 0.0
  private var nextReport = 0.0

  /// - Parameters:
  ///   - downloads: URLs with the names that their files get.
  ///   - folder: is made where it is missing.
  ///   - options: how many in flight, limits and retries.
  ///   - control: stops the run, from any thread.
  ///   - observer: told how it goes; it is not kept alive.
  /// - Throws: `AdvisorError`: cannotWrite for the folder, usage when the options make no sense.
  public init(
    _ downloads: [Download], into folder: String, _ options: DownloadOptions = DownloadOptions(),
    control: DownloadControl = DownloadControl(), observer: (any DownloadObserver)? = nil
  ) throws(AdvisorError) {
    try options.validate()
    self.downloads = downloads
    self.options = options
    self.control = control
    self.observer = observer
    target = try DownloadTarget(try DownloadFolder.open(folder))
    finisher = try FileFinisher(target.folder, flushes: options.flushes)
    hosts = HostQueues(
      downloads, maxInFlight: options.maxInFlight, workers: options.workers, perHost: options.perHost,
      expected: options.expected)
    attempts = Array(repeating: 0, count: downloads.count)
    progress.outcome.left = downloads.count
    for index in downloads.indices.reversed() { hosts.add(index) }
  }

  /// Downloads everything, and returns when the last file has its name.
  ///
  /// - Parameter listens: whether SIGINT drains, a second one stops, and SIGTERM and SIGHUP stop at once; then no other thread
  ///   may run. Otherwise only `control` ends it early.
  /// - Throws: `AdvisorError`: cannotWrite when the disk takes no more, unavailable without libcurl. A download that fails
  ///   is no error.
  public func run(listeningToSignals listens: Bool = false) throws(AdvisorError) -> DownloadSummary {
    let signals = listens ? Signals(try SignalSource.make()) : nil
    var loop = try Loop(inFlight: hosts.maxInFlight, options.transfer)
    do {
      try work(&loop, signals)
    } catch {
      // What has arrived is recorded all the same, as far as the disk takes it.
      while !finishing.isEmpty { try? finished(finisher.awaitFinished()) }
      throw error
    }
    progress.hosts = hosts.found
    report()
    return DownloadSummary(progress: progress, isInterrupted: control.stage != .running, signal: control.signal)
  }

  private func work(_ loop: inout Loop, _ signals: Signals?) throws(AdvisorError) {
    let watched = [finisher.descriptor] + (signals.map { [$0.source.descriptor] } ?? [])
    while true {
      let isHeld = try startDownloads(&loop)
      guard hasWork else { break }
      look(loop)
      var ended: [(Int, TransferResult)] = []
      do {
        try loop.turn(atMost: patience(isHeld: isHeld), watching: watched) { ended.append(($0, $1)) }
      } catch {
        throw error as? AdvisorError ?? AdvisorError(.unavailable, "\(error)", advice: "try again")
      }
      for (index, result) in ended { try end(index, result) }
      try finished(finisher.takeFinished())
      while let signal = signals?.source.next() { control.interrupt(signal) }
      if let more = control.takeAsked() { hosts.ask(more: more) }
      if control.stage == .stopping { abandon(&loop) }
    }
  }

  /// Signals that are listened to, or none.
  private final class Signals {
    let source: SignalSource
    init(_ source: consuming SignalSource) { self.source = source }
  }

  var now: Double { Double(MonotonicClock.now - startedAt) / 1e9 }

  private var hasWork: Bool {
    if !sinks.isEmpty || !finishing.isEmpty { return true }
    return control.stage == .running && progress.done < progress.total
  }

  /// Starts what may start. Returns whether something is held up by the stage after this one.
  private func startDownloads(_ loop: inout Loop) throws(AdvisorError) -> Bool {
    while let index = delayed.popDue(by: MonotonicClock.now) { hosts.add(index) }
    while control.stage == .running, sinks.count < hosts.total, finishing.count < 2 * hosts.maxInFlight,
      hosts.waiting > 0
    {
      guard finishing.count < control.wanted else { return true }
      guard let index = hosts.next() else { break }
      try start(index, &loop)
    }
    return false
  }

  private func start(_ index: Int, _ loop: inout Loop) throws(AdvisorError) {
    if try skips(index) { return }
    guard !target.hasFolder(downloads[index].name) else {
      hosts.end(index)
      return fail(index, DownloadFolder.unwritable(Errno.isDirectory.code))
    }
    if attempts[index] > 0 { progress.retries += 1 }
    attempts[index] += 1
    let sink = DownloadSink(downloads[index], into: target, maxBytes: options.maxBytes, flushes: options.flushes)
    sinks[index] = sink
    progress.maxInFlight = max(progress.maxInFlight, sinks.count)
    var request = sink.request
    // Four times only: what is far away is waited for then. With TLS several wait for one connection.
    if dropped[index, default: 0] < 4, downloads[index].isPlain {
      request.connectTimeoutSeconds = hosts.patienceSeconds(for: index)
    }
    try loop.start(request, index: index, into: sink)
  }

  /// Whether the download is left out, since an earlier run has done it.
  private func skips(_ index: Int) throws(AdvisorError) -> Bool {
    guard options.resume, attempts[index] == 0 else { return false }
    let former = needless.contains(index) ? .whole : try target.formerFile(of: downloads[index])
    guard former != .missing else { return false }
    hosts.end(index)
    // A run that was killed after it had named the file has left where its part was from.
    target.removeOrigin(of: downloads[index].name)
    progress.skipped += 1
    progress.outcome.end()
    var outcome = outcome(index, .skipped)
    outcome.isChanged = former == .changed
    tell(outcome)
    return true
  }

  /// Milliseconds until something has to be done that no descriptor tells of.
  private func patience(isHeld: Bool) -> Int {
    let retry = delayed.earliest.map { $0 > MonotonicClock.now ? ($0 - MonotonicClock.now) / 1_000_000 + 1 : 0 }
    let most: UInt64 = hosts.isPaced ? 1 : hosts.hasStrangers ? 2 : isHeld ? 10 : 100
    return Int(min(retry ?? .max, most))
  }

  /// Gives up all that is under way; parts that can be gone on from are kept.
  private func abandon(_ loop: inout Loop) {
    loop.abandon()
    for index in sinks.keys { discardPart(of: index) }
    sinks = [:]
  }

  /// A part that nothing is known of is of no use.
  func discardPart(of index: Int) {
    let name = downloads[index].name
    if target.origin(of: name) == nil { target.removePart(of: name) }
  }

  private func look(_ loop: borrowing Loop) {
    let now = now
    if nextLook <= now {
      if hosts.hasStrangers { greet(loop, at: now) }
      let cpuSeconds = Double(CPUClock.thread - startCPU) / 1e9
      let isGrowing = hosts.look(
        at: now, cpuSeconds: cpuSeconds, arriving: sinks.lazy.map { ($0.key, $0.value.received) })
      nextLook = now + (isGrowing ? 0.002 : 0.02)
    }
    if observer != nil, nextReport <= now {
      report()
      nextReport = now + 0.1
    }
  }

  /// Learns how far hosts are away before they have answered. With TLS all wait for one connection, so that more would come at once.
  private func greet(_ loop: borrowing Loop, at now: Double) {
    for (index, opening) in loop.openings where downloads[index].isPlain {
      switch opening {
      case .pending(let seconds): hosts.connecting(index, since: seconds, at: now)
      case .standing(let handshake, let wait):
        hosts.connected(index, after: handshake, at: now)
        if wait > 0 { hosts.began(index, after: wait, at: now) }
      }
    }
  }

  private func report() {
    progress.inFlight = sinks.count
    progress.reason = hosts.reason
    progress.outcome.seconds = now
    progress.outcome.cpuSeconds = Double(CPUClock.thread - startCPU) / 1e9
    progress.bytes = target.received
    progress.isDraining = control.stage != .running
    observer?.progressed(progress)
  }
}
