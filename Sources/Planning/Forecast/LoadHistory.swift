public import AdvisorCore
import Documents

/// Loads over time, in ascending order of time.
public struct LoadHistory: Sendable {
  public struct Point: Codable, Hashable, Sendable {
    /// In the unit of the history; days since 1970-01-01 where it has dates.
    public var time: Double
    public var load: Double

    public init(time: Double, load: Double) {
      self.time = time
      self.load = load
    }
  }

  public let points: [Point]
  /// Whether times are days since 1970-01-01.
  public let hasDates: Bool
  /// What a load counts; nil for plain numbers.
  public let unit: QuantityUnit?
  /// The file it was read from; nil where it was made by a program.
  public var input: TableInput?
  let pace: Pace

  /// - Parameter points: in any order.
  /// - Throws: `badData` unless all are finite and there are at least three different times.
  public init(_ points: [Point], hasDates: Bool, unit: QuantityUnit? = nil) throws(AdvisorError) {
    if let bad = points.firstIndex(where: { !$0.time.isFinite || !$0.load.isFinite }) {
      throw AdvisorError(.badData, "point \(bad + 1) of the history is not a number", advice: "correct or remove it")
    }
    let sorted = points.sorted { $0.time < $1.time }
    let gaps = zip(sorted, sorted.dropFirst()).map { $1.time - $0.time }.filter { $0 > 0 }.sorted()
    guard gaps.count >= 2 else {
      throw AdvisorError(
        .badData, "the history has only \(sorted.isEmpty ? "0 points" : gaps.isEmpty ? "1 point" : "2 points") in time",
        advice: "give at least three; a trend through fewer has no error to judge it by")
    }
    self.points = sorted
    self.hasDates = hasDates
    self.unit = unit
    let usual = gaps[(gaps.count - 1) / 2]
    let months = hasDates ? Pace.months(in: usual) : nil
    let day = months == nil ? nil : CivilDate.commonDayOfMonth(sorted.map(\.time))
    pace = Pace(
      step: months.flatMap { months in day.map { _ in Double(months) * CivilDate.meanMonth } } ?? usual,
      months: day == nil ? nil : months, dayOfMonth: day)
  }

  /// The usual time from one point to the next; of months their mean.
  public var step: Double { pace.step }

  /// The time a number of steps after the last point.
  func time(ahead steps: Int) -> Double { pace.time(after: last, steps: steps) }

  /// How points follow each other: months, quarters and years differ in length, and count alike.
  struct Pace: Sendable {
    let step: Double
    /// Months from one point to the next; nil where points follow by other times.
    let months: Int?
    /// The day of all points, where there is one point a month.
    let dayOfMonth: CivilDate.DayOfMonth?

    /// The time of a point, past or ahead, counted in steps from time zero.
    func steps(to time: Double) -> Double { months.map { CivilDate.months(time) / Double($0) } ?? time / step }

    func time(after time: Double, steps: Int) -> Double {
      dayOfMonth.map { CivilDate.days(time, plusMonths: steps * (months ?? 1), on: $0) } ?? time + Double(steps) * step
    }

    /// Months in a number of days that is a month, a quarter or a year; nil for other times.
    static func months(in days: Double) -> Int? {
      switch days {
      case 28...31: 1
      case 90...92: 3
      case 365...366: 12
      default: nil
      }
    }
  }

  /// A time as a person writes it.
  public func text(time: Double) -> String { hasDates ? CivilDate.text(days: time) : Quantity.text(count: time) }

  var last: Double { points.last?.time ?? 0 }
  var span: Double { last - (points.first?.time ?? 0) }
}
