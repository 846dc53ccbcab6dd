import AdvisorCore
import Documents
private import func Glibc.floor
private import func Glibc.log10
private import func Glibc.pow

/// Where an axis has ticks, and what they say: steps of 1, 2 or 5 times a power of ten, of whole days, months and years.
struct Axis {
  struct Tick: Hashable {
    var place: Double
    var label: String
  }

  let range: ClosedRange<Double>
  let isLogarithmic: Bool
  let ticks: [Tick]

  private init(_ range: ClosedRange<Double>, isLogarithmic: Bool, _ ticks: [Tick]) {
    self.range = range
    self.isLogarithmic = isLogarithmic
    self.ticks = ticks.filter { range.contains($0.place) }
  }

  /// Where a value lies between the ends, from 0 to 1.
  func share(_ value: Double) -> Double {
    let scaled = { (value: Double) in isLogarithmic ? log10(max(value, 1e-300)) : value }
    let (low, high) = (scaled(range.lowerBound), scaled(range.upperBound))
    return high > low ? min(1, max(0, (scaled(value) - low) / (high - low))) : 0
  }

  static func linear(_ range: ClosedRange<Double>, text: (Double) -> String) -> Axis {
    let step = step(range, upTo: 6)
    let first = (range.lowerBound / step).rounded(.up)
    let count = Int(((range.upperBound - first * step) / step + 1e-9).rounded(.down))
    let places = count < 0 ? [] : (0...count).map { (first + Double($0)) * step }
    return Axis(range, isLogarithmic: false, places.map { Tick(place: $0, label: $0 == 0 ? "0" : text($0)) })
  }

  /// The least of 1, 2 or 5 times a power of ten that divides a range into at most `parts`.
  private static func step(_ range: ClosedRange<Double>, upTo parts: Double) -> Double {
    let least = (range.upperBound - range.lowerBound) / parts
    guard least > 0 else { return 1 }
    let power = pow(10, floor(log10(least)))
    return ([1, 2, 5].map { $0 * power }.first { $0 >= least * (1 - 1e-9) }) ?? 10 * power
  }

  /// Ticks at 1, 2 and 5 of each power of ten, at 1 alone where those would be many, at linear steps where they would be few.
  static func logarithmic(_ range: ClosedRange<Double>, text: (Double) -> String) -> Axis {
    let powers = Array(Int(floor(log10(range.lowerBound)))...Int(floor(log10(range.upperBound))))
    let every = (powers.count + 6) / 7
    let sparse = powers.filter { $0.isMultiple(of: every) }.map { pow(10, Double($0)) }
    let dense = powers.flatMap { power in [1, 2, 5].map { $0 * pow(10, Double(power)) } }.filter(range.contains)
    if dense.count < 3 { return linear(range, text: text).onLogarithmicScale }
    return Axis(
      range, isLogarithmic: true, (dense.count <= 8 ? dense : sparse).map { Tick(place: $0, label: text($0)) })
  }

  private var onLogarithmicScale: Axis { Axis(range, isLogarithmic: true, ticks) }

  /// Ticks at powers of two.
  static func doublings(_ range: ClosedRange<Double>) -> Axis {
    let powers = (0...40).map { pow(2, Double($0)) }.filter(range.contains)
    let every = max(1, (powers.count + 7) / 8)
    return Axis(
      range, isLogarithmic: true,
      stride(from: 0, to: powers.count, by: every).map {
        Tick(place: powers[$0], label: Quantity.text(count: powers[$0]))
      })
  }

  /// Ticks at midnights, a few days, months or years apart; each label as short as that allows.
  ///
  /// - Parameter range: days since 1970-01-01.
  static func dates(_ range: ClosedRange<Double>) -> Axis {
    let days = range.upperBound - range.lowerBound
    guard days > 0.5 else {
      return Axis(
        range, isLogarithmic: false, [Tick(place: range.lowerBound, label: CivilDate.text(days: range.lowerBound))])
    }
    let monthSteps = [1, 2, 3, 6, 12, 24, 60, 120]
    if days < 75 {
      let step = [1.0, 2, 7, 14, 28].first { days / $0 <= 5 } ?? 28
      let first = (range.lowerBound / step).rounded(.up) * step
      return Axis(
        range, isLogarithmic: false,
        stride(from: first, through: range.upperBound, by: step).map {
          Tick(place: $0, label: CivilDate.text(days: $0))
        })
    }
    let step = monthSteps.first { days / 30.4 / Double($0) <= 5 } ?? Int(days / 365 / 5 + 1) * 12
    let first = Int(CivilDate.months(range.lowerBound)) / step * step
    let last = Int(CivilDate.months(range.upperBound))
    return Axis(
      range, isLogarithmic: false,
      stride(from: first, through: last, by: step).map { months in
        let place = CivilDate.days(0, plusMonths: months, on: .number(1))
        let date = CivilDate.text(days: place)
        return Tick(place: place, label: String(step.isMultiple(of: 12) ? date.prefix(4) : date.prefix(7)))
      })
  }
}
