/// A plot with axes, as data: a plotting tool draws it, a table says the same.
public struct Plot: Codable, Hashable, Sendable {
  public struct Point: Codable, Hashable, Sendable {
    public var x: Double
    public var y: Double
    /// The ends of an interval about y; nil without one.
    public var low: Double?
    public var high: Double?
    /// What x is called where it is no number: a machine, a date.
    public var name: String?

    public init(x: Double, y: Double, low: Double? = nil, high: Double? = nil, name: String? = nil) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
      self.name = name
    }
  }

  public enum Style: String, Codable, Sendable {
    case points, line, dashed, dotted, bars
    /// Points with a line from each to the next.
    case joined
    /// Between the ends of the intervals; in the colour of the series that comes next.
    case band
    /// Filled between the ends of the intervals; y is its height. One stands on the other.
    case area
    /// An upright line from the bottom to the top at each x.
    case mark
  }

  public struct Series: Codable, Hashable, Sendable {
    public var title: String
    public var style: Style
    public var points: [Point]

    public init(_ title: String, _ style: Style, _ points: [Point]) {
      self.title = title
      self.style = style
      self.points = points
    }

    /// Where a point stands: of an area, between its ends.
    func middle(of point: Point) -> Double {
      style == .area ? ((point.low ?? 0) + (point.high ?? 0)) / 2 : point.y
    }
  }

  /// What lies along the bottom.
  public enum XAxis: String, Codable, Sendable {
    case numbers, logarithmic
    /// Logarithmic, with a tick at each power of two.
    case doublings
    /// x counts days since 1970-01-01.
    case dates
    /// One name for each x, from the top down; y lies along the bottom.
    case names
  }

  /// What the values are.
  public enum Unit: String, Codable, Sendable { case number, seconds }

  public var xLabel: String
  public var yLabel: String
  public var xAxis: XAxis
  public var isLogarithmicY: Bool
  public var yUnit: Unit
  public var series: [Series]

  public init(
    xLabel: String, yLabel: String, xAxis: XAxis = .numbers, isLogarithmicY: Bool = false,
    yUnit: Unit = .number, series: [Series]
  ) {
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xAxis = xAxis
    self.isLogarithmicY = isLogarithmicY
    self.yUnit = yUnit
    self.series = series
  }
}
