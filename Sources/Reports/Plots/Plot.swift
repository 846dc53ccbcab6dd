/// A plot with axes, as data: a plotting tool draws it, a table says the same.
public struct Plot: Codable, Hashable, Sendable {
  public struct Point: Codable, Hashable, Sendable {
    public var x: Double
    public var y: Double
    /// The ends of an interval about y; nil without one.
    public var low: Double?
    public var high: Double?

    public init(x: Double, y: Double, low: Double? = nil, high: Double? = nil) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
    }
  }

  public enum Style: String, Codable, Sendable { case points, line, dashed, dotted, band }

  public struct Series: Codable, Hashable, Sendable {
    public var title: String
    public var style: Style
    public var points: [Point]

    public init(_ title: String, _ style: Style, _ points: [Point]) {
      self.title = title
      self.style = style
      self.points = points
    }
  }

  public var xLabel: String
  public var yLabel: String
  public var isLogarithmicX: Bool
  public var isLogarithmicY: Bool
  public var series: [Series]

  public init(
    xLabel: String, yLabel: String, isLogarithmicX: Bool = false, isLogarithmicY: Bool = false, series: [Series]
  ) {
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.isLogarithmicX = isLogarithmicX
    self.isLogarithmicY = isLogarithmicY
    self.series = series
  }
}
