internal import AdvisorCore
private import func Glibc.pow
internal import Transfer
private import Workloads
internal import System

/// How single downloads end, fail and are tried again.
extension DownloadRunner {
  /// Takes in the end of an attempt.
  func end(_ index: Int, _ result: TransferResult) throws(AdvisorError) {
    guard let sink = sinks.removeValue(forKey: index) else { return }
    let verdict = Verdict(result, sink)
    let reading = FlowController.Reading(result, bytes: sink.received)
    if result.handshakeSeconds > 0 { hosts.connected(index, after: result.handshakeSeconds, at: now) }
    if result.isMultiplexed { hosts.multiplexes(index, at: now) }
    if result.status > 0 || result.isConnectTimeout {
      hosts.answered(
        index, connectSeconds: result.isConnectTimeout ? nil : result.connectSeconds,
        result.succeeded ? reading : nil, from: now - result.totalSeconds, to: now)
    }
    hosts.add(reading, of: index)
    let others = hosts.end(index, served: result.succeeded, refused: verdict.isRefusal || result.isRefused)
    switch verdict {
    case _ where result.isConnectTimeout:
      dropped[index, default: 0] += 1
      attempts[index] -= 1
      retry(index, after: 0)
    case .succeeded:
      var outcome = outcome(index, .succeeded)
      (outcome.bytes, outcome.seconds) = (sink.count, result.totalSeconds)
      try target.record.prepare(for: sink.download)
      finishing[index] = outcome
      finisher.finish(.init(index: index, name: sink.download.name, content: sink.take()))
    case .fatal(let code):
      throw DownloadFolder.failure("cannot write “\(target.folder.path(of: sink.download.name).printable)”", code)
    case .stale where sink.isResumed:
      target.removePart(of: sink.download.name)
      attempts[index] -= 1
      retry(index, after: 0)
    case .failed(let why), .stale(let why):
      if sink.fault != nil { target.removePart(of: sink.download.name) }
      fail(index, why)
    case .transient(let why, let asked, let isRefusal):
      // Too much at once is no failure of this download: fewer are in flight from now on.
      if isRefusal, others > 0 { attempts[index] -= 1 }
      tryAgain(index, why, asked: asked, isServed: sink.hasBegun)
    }
  }

  /// - Parameter isServed: whether the host has begun to serve it: then nothing speaks for waiting, once, or where it serves others.
  private func tryAgain(_ index: Int, _ why: String, asked: Double?, isServed: Bool) {
    guard attempts[index] <= options.retries, control.stage == .running else { return fail(index, why) }
    if let asked, asked > options.maxPatienceSeconds {
      return fail(index, "\(why), and asks to wait for \(Quantity.text(seconds: asked))")
    }
    let isTransient = isServed && (hosts.hasServed(since: index) || attempts[index] == 1)
    let doublings = Double(min(10, max(0, attempts[index] - (isServed ? 2 : 1))))
    // Spread out, so that what failed together does not come back together.
    let delay = min(30, options.retryDelaySeconds * pow(2, doublings)) * Double.random(in: 0.5...1)
    retry(index, after: max(asked ?? 0, isTransient ? 0 : delay))
  }

  private func retry(_ index: Int, after seconds: Double) {
    delayed.insert(index, due: MonotonicClock.now + UInt64(seconds * 1e9))
  }

  func fail(_ index: Int, _ why: String) {
    discardPart(of: index)
    progress.outcome.end(failed: true)
    tell(outcome(index, .failed(why)))
  }

  /// Takes in that files have their names: one write records them all.
  func finished(_ files: [FileFinisher.Finished]) throws(AdvisorError) {
    let ended = files.compactMap { file in finishing.removeValue(forKey: file.index).map { (file, $0) } }
    try target.record.add(ended.filter { $0.0.errno == 0 }.map { ($1.download, $1.bytes) })
    for (file, outcome) in ended { try finished(file, outcome) }
  }

  private func finished(_ file: FileFinisher.Finished, _ outcome: DownloadOutcome) throws(AdvisorError) {
    guard !DownloadFolder.endsRun(file.errno) else {
      throw DownloadFolder.failure("cannot write “\(outcome.path.printable)”", file.errno)
    }
    guard file.errno == 0 else {
      target.removePart(of: outcome.download.name)
      return fail(file.index, DownloadFolder.unwritable(file.errno))
    }
    target.removeOrigin(of: outcome.download.name)
    progress.outcome.end()
    tell(outcome)
  }

  func outcome(_ index: Int, _ ending: DownloadOutcome.Ending) -> DownloadOutcome {
    DownloadOutcome(
      download: downloads[index], path: target.folder.path(of: downloads[index].name), ending: ending,
      attempts: attempts[index], bytes: 0, seconds: 0)
  }

  func tell(_ outcome: DownloadOutcome) { observer?.downloadEnded(outcome) }
}

extension FlowController.Reading {
  /// What a transfer was like that has ended, and the bytes of its body.
  fileprivate init(_ result: TransferResult, bytes: Int) {
    self.bytes = bytes + result.headBytes
    ended = 1
    firstByteSeconds = result.firstByteSeconds - result.connectSeconds
    totalSeconds = result.totalSeconds - result.connectSeconds
    heldSeconds = result.heldSeconds
  }
}

extension Verdict {
  var isRefusal: Bool {
    if case .transient(_, _, true) = self { return true }
    return false
  }
}
