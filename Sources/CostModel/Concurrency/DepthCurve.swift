import AdvisorCore
private import func Glibc.exp
private import func Glibc.log
private import func Glibc.pow

/// Operations in a second by how many are under way, and by their size.
struct DepthCurve: Sendable {
  /// One measured size: seconds between completions by depth, both ascending.
  private struct Line: Sendable {
    var bytes: Double
    var points: [(depth: Double, seconds: Double)]
    var error: ErrorSource
  }

  private let lines: [Line]

  /// - Parameters:
  ///   - drift: half the 90 % interval, as a share, of what may have moved between the measurements of two depths.
  ///   - overlap: standard deviation of the logarithm of how much faster several at a time are than one; nil takes it from the
  ///     noise of the rates.
  ///   - sessionSpread: coefficient of variation that all depths of a point's size have in common from session to session.
  /// - Returns: nil where no point makes sense.
  init?(
    _ points: [DepthPoint], drift: Double = 0, overlap: Double? = nil,
    sessionSpread: (DepthPoint) -> Double = { _ in 0 }
  ) {
    let sound = points.filter {
      $0.depth >= 1 && $0.bytes >= 0 && $0.operationsPerSecond.value > 0 && $0.operationsPerSecond.value.isFinite
    }
    guard !sound.isEmpty else { return nil }
    lines = Dictionary(grouping: sound, by: \.bytes)
      .map { bytes, points in
        let points = points.sorted { $0.depth < $1.depth }
        let levels = points.map { Level($0, sessionSpread: sessionSpread($0), drift: drift) }
        return Line(
          bytes: Double(bytes), points: Self.levelled(levels, overlap),
          error: ErrorSource("curve of \(bytes) bytes", points[0].operationsPerSecond))
      }
      .sorted { $0.bytes < $1.bytes }
  }

  /// Of operations of that size: what their next larger measured size may be off by.
  func error(bytes: Double) -> ErrorSource { (lines.first { $0.bytes >= bytes } ?? lines[lines.count - 1]).error }

  /// Seconds between completions by depth; steps that are within their own noise are none.
  ///
  /// Else a lucky slice at one depth would pass for a gain, and many would be advised where one does as well.
  private static func levelled(_ levels: [Level], _ overlap: Double?) -> [(depth: Double, seconds: Double)] {
    var groups: [[Level]] = []
    for next in levels {
      if let last = groups.last, Level(of: last).isSame(as: next) {
        groups[groups.count - 1].append(next)
      } else {
        groups.append([next])
      }
    }
    return groups.flatMap { group in zip(group, Level.rates(of: group, overlap)).map { ($0.depth, 1 / $1) } }
  }

  /// Seconds between completions of operations of that size, by how many are under way.
  ///
  /// Between measured depths geometrically, beyond them as at the nearest; between sizes in proportion to the bytes.
  func interval(depth: Double, bytes: Double) -> Double {
    let low = lines.last { $0.bytes <= bytes } ?? lines[0]
    let high = lines.first { $0.bytes > bytes } ?? lines[lines.count - 1]
    guard low.bytes != high.bytes else { return extrapolated(low, depth, bytes) }
    let (a, b) = (seconds(low, depth), seconds(high, depth))
    let fraction = (bytes - low.bytes) / (high.bytes - low.bytes)
    return max(min(a, b) / 2, a + fraction * (b - a))
  }

  /// The depth from which deeper gains less than 3 %.
  func knee(bytes: Double) -> Double {
    let depths = Set(lines.flatMap { $0.points.map(\.depth) }).sorted()
    let least = depths.map { interval(depth: $0, bytes: bytes) }.min() ?? 0
    return depths.first { interval(depth: $0, bytes: bytes) <= least * 1.03 } ?? 1
  }

  /// Beyond the sizes that were measured: larger ones in proportion to their bytes from two sizes' difference, or, with one
  /// size, from its whole time; smaller ones as the smallest.
  private func extrapolated(_ line: Line, _ depth: Double, _ bytes: Double) -> Double {
    let own = seconds(line, depth)
    guard bytes > line.bytes, line.bytes > 0 else { return own }
    guard lines.count > 1 else { return own * bytes / line.bytes }
    let smaller = lines[lines.count - 2]
    let slope = (own - seconds(smaller, depth)) / (line.bytes - smaller.bytes)
    return own + max(slope, 0) * (bytes - line.bytes)
  }

  private func seconds(_ line: Line, _ depth: Double) -> Double {
    guard let next = line.points.firstIndex(where: { $0.depth >= depth }) else {
      return line.points[line.points.count - 1].seconds
    }
    guard next > 0 else { return line.points[0].seconds }
    let (a, b) = (line.points[next - 1], line.points[next])
    let fraction = log(depth / a.depth) / log(b.depth / a.depth)
    return a.seconds * pow(b.seconds / a.seconds, fraction)
  }
}

/// A rate, and how far it may be off beside what all depths have in common.
private struct Level {
  let depth: Double
  let rate: Double
  /// Half the 90 % interval of the logarithm.
  let error: Double

  init(_ point: DepthPoint, sessionSpread: Double, drift: Double) {
    let (all, common) = (point.operationsPerSecond.relativeError, 1.645 * sessionSpread)
    depth = Double(point.depth)
    rate = point.operationsPerSecond.value
    error = max(max(0, all * all - common * common).squareRoot(), drift, 1e-3)
  }

  /// Several depths as one: the mean of the logarithms, each weighted by its precision.
  init(of group: [Level]) {
    let weights = group.map { 1 / ($0.error * $0.error) }
    let sum = weights.reduce(0, +)
    depth = group[0].depth
    rate = exp(zip(group, weights).reduce(0) { $0 + log($1.0.rate) * $1.1 } / sum)
    error = 1 / sum.squareRoot()
  }

  /// Whether the other lies within the noise of both: 90 % of differences of equal rates do.
  func isSame(as other: Level) -> Bool { abs(log(other.rate / rate)) <= noise(beside: other) }

  /// Half the 90 % interval of the logarithm of both rates' ratio.
  private func noise(beside other: Level) -> Double { (error * error + other.error * other.error).squareRoot() }

  /// The rates of depths that are one within their noise.
  ///
  /// One at a time overlaps with nothing, so that it is likely to be slower than several: of a difference from them it keeps
  /// what noise doesn't explain, 1 − s²/d² (the positive part of James and Stein's estimator, 1961).
  static func rates(of group: [Level], _ overlap: Double?) -> [Double] {
    let level = Level(of: group)
    guard group[0].depth == 1, group.count > 1 else { return group.map { _ in level.rate } }
    let (one, several) = (group[0], Level(of: Array(group.dropFirst())))
    let (difference, deviation) = (log(several.rate / one.rate), overlap ?? one.noise(beside: several) / 1.645)
    let kept = difference > 0 ? max(0, 1 - deviation * deviation / (difference * difference)) : 0
    func drawn(_ rate: Double) -> Double { level.rate * exp(kept * log(rate / level.rate)) }
    return [drawn(one.rate)] + group.dropFirst().map { _ in drawn(several.rate) }
  }
}
