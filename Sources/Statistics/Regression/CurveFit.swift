/// A curve `y = f(x; θ)` fitted to weighted points by least squares, each coefficient within bounds.
///
/// Levenberg-Marquardt with the scaling of Moré (1978, *The Levenberg-Marquardt algorithm: implementation and theory*);
/// a coefficient that its bound holds back is left out of the step until the slope points inwards again.
public struct CurveFit: Sendable {
  public struct Point: Sendable {
    public var x: Double
    public var y: Double
    /// How many observations the point stands for.
    public var weight: Double

    public init(x: Double, y: Double, weight: Double = 1) {
      self.x = x
      self.y = y
      self.weight = weight
    }
  }

  /// The value at x and its derivative by each coefficient.
  public typealias Curve = @Sendable (_ x: Double, _ coefficients: [Double]) -> (value: Double, gradient: [Double])

  public let coefficients: [Double]
  /// Weighted, in the square of the unit of y.
  public let residualSumOfSquares: Double
  /// Whether each coefficient sits on one of its bounds.
  public let atBound: [Bool]
  /// Per coefficient, the root of its diagonal element of `(JᵀJ)⁻¹`: times the residual standard deviation it is the
  /// standard error. Nil on a bound, where the usual theory does not hold.
  public var unitErrors: [Double?] {
    coefficients.indices.map { index in
      guard !atBound[index] else { return nil }
      return leverage(of: coefficients.indices.map { $0 == index ? 1 : 0 })?.squareRoot()
    }
  }
  /// The curve's gradients in the coefficients that no bound holds.
  private let gradients: LeastSquares

  /// - Parameter start: within the bounds; as many coefficients as bounds.
  public init(_ points: [Point], start: [Double], bounds: [ClosedRange<Double>], curve: @escaping Curve) {
    var search = Search(points: points, bounds: bounds, curve: curve, coefficients: start)
    search.run()
    coefficients = search.coefficients
    residualSumOfSquares = search.cost
    atBound = zip(search.coefficients, bounds).map { $0 <= $1.lowerBound || $0 >= $1.upperBound }
    gradients = search.gradients(atBound)
  }

  /// `g (JᵀJ)⁻¹ gᵀ` for a gradient by the coefficients, those on a bound held fixed: times the residual variance it is, to
  /// first order, the variance of what has this gradient. Nil where the points do not tell the coefficients apart.
  public func leverage(of gradient: [Double]) -> Double? {
    let free = atBound.indices.filter { !atBound[$0] }
    return free.isEmpty ? 0 : gradients.leverage(of: free.map { gradient[$0] })
  }
}

/// The state of one minimisation.
private struct Search {
  let points: [CurveFit.Point]
  let bounds: [ClosedRange<Double>]
  let curve: CurveFit.Curve
  var coefficients: [Double]
  private(set) var cost: Double
  private var damping = 1e-3

  init(
    points: [CurveFit.Point], bounds: [ClosedRange<Double>], curve: @escaping CurveFit.Curve, coefficients: [Double]
  ) {
    self.points = points
    self.bounds = bounds
    self.curve = curve
    self.coefficients = coefficients
    cost = 0
    cost = cost(at: coefficients)
  }

  mutating func run() {
    for _ in 0..<500 {
      guard let trial = step() else { return }
      let change = zip(trial, coefficients).map { abs($0 - $1) / max(abs($1), 1e-12) }.max() ?? 0
      let trialCost = cost(at: trial)
      if trialCost <= cost {
        coefficients = trial
        cost = trialCost
        damping = max(damping / 10, 1e-14)
        if change < 1e-12 { return }
      } else {
        damping *= 10
        if damping > 1e14 { return }
      }
    }
  }

  /// Where the damped Gauss-Newton step from here leads, clipped to the bounds; nil when nothing is free to move.
  private func step() -> [Double]? {
    let rows = points.map { point in
      let (value, gradient) = curve(point.x, coefficients)
      let root = point.weight.squareRoot()
      return (gradient: gradient.map { $0 * root }, residual: (point.y - value) * root)
    }
    let free = coefficients.indices.filter { index in
      let slope = rows.reduce(0) { $0 + $1.gradient[index] * $1.residual }
      let heldBelow = coefficients[index] <= bounds[index].lowerBound && slope <= 0
      let heldAbove = coefficients[index] >= bounds[index].upperBound && slope >= 0
      return !heldBelow && !heldAbove
    }
    guard !free.isEmpty else { return nil }
    var problem = LeastSquares(columns: free.count)
    for row in rows { problem.add(free.map { row.gradient[$0] }, observed: row.residual) }
    for (position, index) in free.enumerated() {
      let length = rows.reduce(0) { $0 + $1.gradient[index] * $1.gradient[index] }.squareRoot()
      var row = Array(repeating: 0.0, count: free.count)
      row[position] = damping.squareRoot() * max(length, 1e-300)
      problem.add(row, observed: 0)
    }
    guard let move = problem.coefficients else { return nil }
    var trial = coefficients
    for (position, index) in free.enumerated() {
      trial[index] = min(max(trial[index] + move[position], bounds[index].lowerBound), bounds[index].upperBound)
    }
    return trial
  }

  private func cost(at coefficients: [Double]) -> Double {
    points.reduce(0) { sum, point in
      let residual = point.y - curve(point.x, coefficients).value
      return sum + point.weight * residual * residual
    }
  }

  func gradients(_ fixed: [Bool]) -> LeastSquares {
    let free = fixed.indices.filter { !fixed[$0] }
    var problem = LeastSquares(columns: free.count)
    for point in points {
      let gradient = curve(point.x, coefficients).gradient
      problem.add(free.map { gradient[$0] * point.weight.squareRoot() }, observed: 0)
    }
    return problem
  }
}
