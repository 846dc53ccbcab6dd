/// Ordinary linear least squares, one observation at a time.
///
/// Keeps only the triangular factor of the design matrix, updated by Givens rotations, so that a million rows cost no
/// memory and the condition number is not squared as in the normal equations (docs/model.md, 11.1).
public struct LeastSquares: Sendable {
  /// Coefficients to be found.
  public let columns: Int
  /// Rows added so far.
  public private(set) var rows = 0
  /// What the fit leaves unexplained, in the square of the unit of the observations.
  public private(set) var residualSumOfSquares = 0.0
  private var factor: [Double]
  private var rotated: [Double]

  public init(columns: Int) {
    self.columns = columns
    factor = Array(repeating: 0, count: columns * columns)
    rotated = Array(repeating: 0, count: columns)
  }

  /// Adds one observation.
  ///
  /// - Parameter row: the value of each column; as many as `columns`.
  public mutating func add(_ row: [Double], observed: Double) {
    precondition(row.count == columns, "a row has a value for each column")
    rows += 1
    var row = row
    var observed = observed
    for pivot in 0..<columns where row[pivot] != 0 {
      let diagonal = factor[pivot * columns + pivot]
      let length = (diagonal * diagonal + row[pivot] * row[pivot]).squareRoot()
      let cosine = diagonal / length
      let sine = row[pivot] / length
      for column in pivot..<columns {
        let kept = factor[pivot * columns + column]
        factor[pivot * columns + column] = cosine * kept + sine * row[column]
        row[column] = cosine * row[column] - sine * kept
      }
      let kept = rotated[pivot]
      rotated[pivot] = cosine * kept + sine * observed
      observed = cosine * observed - sine * kept
    }
    residualSumOfSquares += observed * observed
  }

  /// The coefficients; nil where the rows do not tell them apart.
  public var coefficients: [Double]? {
    guard isRegular else { return nil }
    var solution = rotated
    for row in (0..<columns).reversed() {
      for column in (row + 1)..<columns { solution[row] -= factor[row * columns + column] * solution[column] }
      solution[row] /= factor[row * columns + row]
    }
    return solution
  }

  /// `x (AᵀA)⁻¹ xᵀ`: times the residual variance it is the variance of the fitted value at x. Nil as `coefficients`.
  public func leverage(of row: [Double]) -> Double? {
    guard isRegular else { return nil }
    var solution = row
    for index in 0..<columns {
      for earlier in 0..<index { solution[index] -= factor[earlier * columns + index] * solution[earlier] }
      solution[index] /= factor[index * columns + index]
    }
    return solution.reduce(0) { $0 + $1 * $1 }
  }

  /// Whether no column is a mixture of the others, as far as double precision can tell.
  private var isRegular: Bool {
    guard rows >= columns else { return false }
    return (0..<columns).allSatisfy { column in
      let length = (0...column).reduce(0) { $0 + factor[$1 * columns + column] * factor[$1 * columns + column] }
      return abs(factor[column * columns + column]) > 1e-12 * length.squareRoot()
    }
  }
}
