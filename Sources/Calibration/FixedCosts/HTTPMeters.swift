import AdvisorCore
import Statistics
import Transfer
import Executors
import System

/// What downloading costs besides the requests in flight, one server's figures.
struct HTTPMeters {
  let url: String
  let options: TransferOptions
  /// That each cost may take, in seconds, however slow the server is; ``minValues`` are measured in any case.
  let secondsEach: Double
  /// That may be used at once.
  let cpus: Int
  /// Of each cost: more where the server is our own, which answers at once.
  let minValues: Int

  /// Until the caches have forgotten most of a program that has ended: its start took 1.1 ms at once, 1.2 to 1.6 ms 10 ms later
  /// and 1.65 to 1.75 ms 30 to 50 ms later (AMD EPYC, guest of 2 CPUs; medians of 60).
  private static let forgetting = 0.025

  /// - Parameter large: where a MiB is had; nil where none is.
  func measure(large: String?, into findings: inout Findings) throws(AdvisorError) {
    findings.fixedCosts += try oneByOne()
    findings.fixedCosts += [try opening(), try large.flatMap(firstMebibyte)].compactMap(\.self)
  }

  /// What worker processes take that download, and a team of threads with its first requests: to be called where none is asked to
  /// keep to one CPU. In turn, so that the caches forget the one while the other is measured.
  ///
  /// - Parameter teams: whether the server bears the hundreds of requests that tell of a team.
  func measureStarts(ofTeams teams: Bool, into findings: inout Findings) {
    var settling: [Double] = []
    Self.add(.httpLoad, to: &findings) { () throws(AdvisorError) in
      var forgotten = MonotonicClock.seconds + Self.forgetting
      let loading = try repeated(atMost: 64) { () throws(AdvisorError) in
        if teams, let seconds = try? self.settling() { settling.append(seconds) }
        MonotonicClock.sleep(untilSeconds: forgotten)
        defer { forgotten = MonotonicClock.seconds + Self.forgetting }
        return try self.loading()
      }
      return FixedCost(.httpLoad, seconds: loading)
    }
    guard teams else { return }
    Self.add(.httpTeam, to: &findings) { () throws(AdvisorError) in
      if settling.isEmpty { settling.append(try self.settling()) }
      return FixedCost(.httpTeam, seconds: settling)
    }
  }

  /// A cost without which the others stand: what keeps it from being measured is told.
  private static func add(
    _ name: FixedCost.Name, to findings: inout Findings, _ measure: () throws(AdvisorError) -> FixedCost?
  ) {
    do throws(AdvisorError) {
      findings.fixedCosts += [try measure()].compactMap(\.self)
    } catch {
      findings.warnings.append(.notMeasured(what: name.rawValue, problem: error.problem))
    }
  }

  /// Extra time of a team's first requests: a short run, less what its requests would take at the pace of a long one.
  private func settling() throws(AdvisorError) -> Double {
    let few = FixedCost.requestsUntilInStep
    let (short, long) = (try secondsOfTeam(few), try secondsOfTeam(3 * few))
    return max(0, short - (long - short) / 2)
  }

  private func secondsOfTeam(_ requests: Int) throws(AdvisorError) -> Double {
    try run(.threads, workers: FixedCost.askingTeam, tasks: requests, downloading: url).outcome.seconds
  }

  /// What a connection adds that is opened and closed, and what one request takes on an open one.
  private func oneByOne() throws(AdvisorError) -> [FixedCost] {
    let connects = try repeated(atMost: 64) { () throws(AdvisorError) in try extraSeconds(ofNew: 1, url) }
    guard !connects.isEmpty else { return [] }
    var connection = try Connection(options)
    _ = connection.get(url)
    // libcurl's own times are whole microseconds.
    let requests = try repeated(atMost: 256) {
      let start = MonotonicClock.seconds
      return connection.get(url).succeeded ? MonotonicClock.seconds - start : nil
    }
    return [FixedCost(.httpConnect, seconds: connects), FixedCost(.httpRequest, seconds: requests)].compactMap(\.self)
  }

  /// What each of several connections adds that are opened at once, beside the requests on them: the slope from 2 to 16, so that no
  /// latency is in it.
  private func opening() throws(AdvisorError) -> FixedCost? {
    let (few, many) = (2, 16)
    let slopes = try repeated(atMost: 64) { () throws(AdvisorError) in
      guard let short = try extraSeconds(ofNew: few, url), let long = try extraSeconds(ofNew: many, url) else {
        return nil
      }
      return max(0, (long - short) / Double(many - few))
    }
    return FixedCost(.httpOpen, seconds: slopes)
  }

  /// Sockets start with small buffers and a small window, which grow as bytes flow: what the first MiB adds beside opening.
  private func firstMebibyte(_ large: String) throws(AdvisorError) -> FixedCost? {
    let count = 8
    let extras = try repeated(atMost: 64) { () throws(AdvisorError) in
      guard let opening = try extraSeconds(ofNew: count, url), let both = try extraSeconds(ofNew: count, large) else {
        return nil
      }
      return max(0, (both - opening) / Double(count))
    }
    return FixedCost(.httpFirstMebibyte, seconds: extras)
  }

  /// What the first replies of a MiB add, one after another, to as many of the measured curve: those after the very first, of which
  /// ``firstMebibyte(_:)`` tells.
  ///
  /// A connection begins in one of two ways of sending, and changes over in a tenth of a second or so: both sides by turns, 290 µs
  /// a MiB on a guest of 2 CPUs, or both at once, 140 µs. The mean is what a job expects, and the interval what it may meet.
  ///
  /// - Parameter curveSeconds: of one such reply, one at a time.
  func bufferGrowth(_ large: String, curveSeconds: Double) throws(AdvisorError) -> FixedCost? {
    let count = 16
    let extras = try repeated(atMost: 64) { () throws(AdvisorError) -> Double? in
      var connection = try Connection(options)
      guard connection.get(large).succeeded else { return nil }
      guard let seconds = Self.seconds(of: count, large, &connection) else { return nil }
      return max(0, seconds / Double(count) - curveSeconds)
    }
    guard let mean = extras.mean(), let least = extras.min(), let most = extras.max(), mean > 0 else { return nil }
    let estimate = Estimate(
      value: mean, low: max(least, mean * mean / most), high: most, samples: extras.count, unit: .seconds)
    return FixedCost(.httpBufferGrowth, estimate, minimum: least)
  }

  private static func seconds(of count: Int, _ url: String, _ connection: inout Connection) -> Double? {
    let start = MonotonicClock.seconds
    for _ in 0..<count { guard connection.get(url).succeeded else { return nil } }
    return MonotonicClock.seconds - start
  }

  /// How much longer worker processes take, one a CPU, that download one thing each than those that compute next to nothing.
  ///
  /// As in a run, whose program has just been started, but has not loaded libcurl: a first run does not count.
  private func loading() throws(AdvisorError) -> Double {
    let workers = min(2, cpus)
    _ = try run(.processes, workers: workers)
    let computing = try run(.processes, workers: workers).outcome.seconds
    return max(0, try run(.processes, workers: workers, downloading: url).outcome.seconds - computing)
  }

  /// Values until there are enough, the time is up or one could not be had.
  private func repeated(
    atMost most: Int, _ measure: () throws(AdvisorError) -> Double?
  ) throws(AdvisorError) -> [Double] {
    let deadline = MonotonicClock.seconds + secondsEach
    var values: [Double] = []
    while values.count < most, values.count < minValues || MonotonicClock.seconds < deadline, let value = try measure()
    {
      values.append(value)
    }
    return values
  }

  /// How much longer one request on each of a number of new connections takes than another on each, from making the handles until
  /// the connections are closed; nil where one failed.
  private func extraSeconds(ofNew count: Int, _ url: String) throws(AdvisorError) -> Double? {
    let start = MonotonicClock.seconds
    var used = 0.0
    do {
      var loop = try Loop(inFlight: count, options)
      guard Self.seconds(ofOneEach: count, url, &loop) != nil, let again = Self.seconds(ofOneEach: count, url, &loop)
      else { return nil }
      used = again
    }
    return max(0, MonotonicClock.seconds - start - 2 * used)
  }

  private static func seconds(ofOneEach count: Int, _ url: String, _ loop: inout Loop) -> Double? {
    let start = MonotonicClock.seconds
    var failed = false
    do {
      try loop.run(count: count, url: { _ in url }) { _, result in failed = failed || !result.succeeded }
    } catch {
      return nil
    }
    return failed ? nil : MonotonicClock.seconds - start
  }
}

extension FixedCost {
  /// A cost measured one by one, without neighbour probes: the median stands for both floor and typical.
  fileprivate init?(_ name: Name, seconds: [Double]) {
    guard let median = RobustEstimate.median(of: seconds), let least = seconds.min() else { return nil }
    self.init(name, Estimate(median, .seconds), minimum: least)
  }

  fileprivate init(_ name: Name, _ estimate: Estimate, minimum: Double) {
    self.init(name: name, placement: .unpinned, floor: estimate, typical: estimate, minimum: minimum, acceptedShare: 1)
  }
}
