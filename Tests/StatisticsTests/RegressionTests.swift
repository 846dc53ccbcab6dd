import Glibc
import Statistics
import Testing

@Suite("Regression")
struct RegressionTests {
  /// Anscombe's first data set (The American Statistician 27(1), 1973): y = 3.0001 + 0.5001x, residual variance 1.529.
  @Test("A published line is found again")
  func publishedLine() throws {
    let x = [10.0, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    var fit = LeastSquares(columns: 2)
    for (x, y) in zip(x, y) { fit.add([1, x], observed: y) }
    let line = try #require(fit.coefficients)
    #expect(abs(line[0] - 3.0000909) < 1e-6)
    #expect(abs(line[1] - 0.5000909) < 1e-6)
    #expect(abs(fit.residualSumOfSquares - 13.76269) < 1e-5)
    // At the mean of x only the intercept's 1/n is left.
    #expect(abs(try #require(fit.leverage(of: [1, 9])) - 1 / 11.0) < 1e-12)
  }

  @Test("Columns that cannot be told apart give no coefficients")
  func columnsThatCannotBeToldApart() {
    var fit = LeastSquares(columns: 2)
    for x in 1...5 { fit.add([Double(x), 2 * Double(x)], observed: 1) }
    #expect(fit.coefficients == nil)
    #expect(fit.leverage(of: [1, 1]) == nil)
  }

  @Test("Fewer rows than columns give no coefficients")
  func fewerRowsThanColumns() {
    var fit = LeastSquares(columns: 3)
    fit.add([1, 2, 3], observed: 4)
    #expect(fit.coefficients == nil)
  }

  /// Two columns by hand: without bounds (−1, 2); with them the negative one is 0 and the other 9/5.
  @Test("Negative coefficients are held at zero")
  func negativeCoefficientsAreHeldAtZero() {
    let rows = [[1.0, 1], [0, 2]]
    #expect(NonNegativeLeastSquares.coefficients(rows: rows, observed: [1, 4])[0] == 0)
    let solution = NonNegativeLeastSquares.coefficients(rows: rows, observed: [1, 4])
    #expect(abs(solution[1] - 9 / 5.0) < 1e-12)
  }

  @Test("Nothing positive fits")
  func nothingPositiveFits() {
    #expect(NonNegativeLeastSquares.coefficients(rows: [[1], [2]], observed: [-1, -2]) == [0])
    #expect(NonNegativeLeastSquares.coefficients(rows: [], observed: []).isEmpty)
  }

  /// Exact points of y = 3·exp(−0.5x) give the coefficients back from a distant start.
  @Test("A curve through exact points is found")
  func curveThroughExactPoints() {
    let y = [3.0, 1.8195919791379003, 1.103638323514327, 0.6693904804452895, 0.406005849709838]
    let fit = CurveFit(
      y.indices.map { CurveFit.Point(x: Double($0), y: y[$0]) }, start: [1, 0.1], bounds: [0...100, 0...10]
    ) { x, c in
      let decay = exp(-c[1] * x)
      return (c[0] * decay, [decay, -x * c[0] * decay])
    }
    #expect(abs(fit.coefficients[0] - 3) < 1e-8)
    #expect(abs(fit.coefficients[1] - 0.5) < 1e-8)
    #expect(fit.atBound == [false, false])
  }

  /// A falling line with a slope that may not fall: the best is the mean, 2.
  @Test("A coefficient may sit on its bound")
  func aCoefficientOnItsBound() {
    let points = [(0.0, 3.0), (1, 2), (2, 1)].map { CurveFit.Point(x: $0.0, y: $0.1) }
    let fit = CurveFit(points, start: [0, 0.5], bounds: [-10...10, 0...10]) { x, c in (c[0] + c[1] * x, [1, x]) }
    #expect(abs(fit.coefficients[0] - 2) < 1e-9)
    #expect(fit.coefficients[1] == 0)
    #expect(fit.atBound == [false, true])
    #expect(fit.unitErrors[1] == nil)
  }

  /// Tables of the F distribution: 5 % points.
  @Test("The F distribution agrees with tables", arguments: [(1.0, 10.0, 4.9646), (6, 20, 2.5990), (2, 5, 5.7861)])
  func fisher(numerator: Double, denominator: Double, fivePercent: Double) {
    let share = FisherF(numerator: numerator, denominator: denominator).probability(above: fivePercent)
    #expect(abs(share - 0.05) < 1e-4)
  }
}
