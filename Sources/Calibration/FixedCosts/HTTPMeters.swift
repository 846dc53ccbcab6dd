import AdvisorCore
import Execution
import Statistics
import Transfer

/// What downloading costs besides the requests in flight, one server's figures.
struct HTTPMeters {
  let url: String
  let options: TransferOptions

  /// - Parameter large: where a MiB is had; nil where none is.
  func measure(large: String?, into findings: inout Findings) throws(AdvisorError) {
    findings.fixedCosts += try oneByOne()
    findings.fixedCosts += [try opening(), try large.map(firstMebibyte) ?? nil].compactMap(\.self)
    do throws(AdvisorError) {
      findings.fixedCosts += [try loading()].compactMap(\.self)
    } catch {
      findings.doubts.append("Not measured (\(FixedCost.Name.httpLoad.rawValue)): \(error.problem).")
    }
  }

  /// What opening a connection adds, and what one request takes on an open one.
  private func oneByOne() throws(AdvisorError) -> [FixedCost] {
    var connects: [Double] = []
    for _ in 0..<20 {
      var connection = try Connection(options)
      let result = connection.get(url)
      guard result.succeeded else { break }
      connects.append(result.connectSeconds)
    }
    guard !connects.isEmpty else { return [] }
    var connection = try Connection(options)
    _ = connection.get(url)
    let requests = (0..<60).map { _ in connection.get(url) }.filter(\.succeeded).map(\.totalSeconds)
    return [FixedCost(.httpConnect, seconds: connects), FixedCost(.httpRequest, seconds: requests)].compactMap(\.self)
  }

  /// What each of several connections adds that are opened at once: the slope from 2 to 16, so that no latency is in it.
  private func opening() throws(AdvisorError) -> FixedCost? {
    let (few, many) = (2, 16)
    var slopes: [Double] = []
    for _ in 0..<20 {
      guard let short = try seconds(ofOpening: few), let long = try seconds(ofOpening: many) else { return nil }
      slopes.append(max(0, (long - short) / Double(many - few)))
    }
    return FixedCost(.httpOpen, seconds: slopes)
  }

  /// Sockets start with small buffers and a small window, which grow as bytes flow.
  private func firstMebibyte(_ large: String) throws(AdvisorError) -> FixedCost? {
    let count = 8
    var extras: [Double] = []
    for _ in 0..<10 {
      var loop = try Loop(inFlight: count, options)
      guard let new = Self.seconds(ofOneEach: count, large, &loop),
        let used = Self.seconds(ofOneEach: count, large, &loop)
      else { return nil }
      extras.append(max(0, (new - used) / Double(count)))
    }
    return FixedCost(.httpFirstMebibyte, seconds: extras)
  }

  /// How much more CPU time worker processes take that download one thing than those that compute next to nothing.
  private func loading() throws(AdvisorError) -> FixedCost? {
    let workers = 2
    var extras: [Double] = []
    for _ in 0..<8 {
      let computing = try run(ofWorkers: workers).cpuSeconds
      let downloading = try run(ofWorkers: workers, downloading: url).cpuSeconds
      extras.append(max(0, (downloading - computing) / Double(workers)))
    }
    return FixedCost(.httpLoad, seconds: extras)
  }

  /// One request on each of so many new connections; nil where one failed.
  private func seconds(ofOpening count: Int) throws(AdvisorError) -> Double? {
    let start = Stopwatch.wall()
    var loop = try Loop(inFlight: count, options)
    return Self.seconds(ofOneEach: count, url, &loop).map { _ in Stopwatch.wall() - start }
  }

  private static func seconds(ofOneEach count: Int, _ url: String, _ loop: inout Loop) -> Double? {
    let start = Stopwatch.wall()
    var failed = false
    do {
      try loop.run(count: count, url: { _ in url }) { _, result in failed = failed || !result.succeeded }
    } catch {
      return nil
    }
    return failed ? nil : Stopwatch.wall() - start
  }
}

extension FixedCost {
  /// A cost measured one by one, without neighbour probes: the median stands for both floor and typical.
  fileprivate init?(_ name: Name, seconds: [Double]) {
    guard let median = RobustEstimate.median(of: seconds), let least = seconds.min() else { return nil }
    let estimate = Estimate(median, .seconds)
    self.init(name: name, placement: .unpinned, floor: estimate, typical: estimate, minimum: least, acceptedShare: 1)
  }
}
