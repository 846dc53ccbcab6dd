/// Linear least squares whose coefficients may not be negative, by the active-set method of Lawson and Hanson
/// (*Solving Least Squares Problems*, 1974, chapter 23).
public enum NonNegativeLeastSquares {
  /// The coefficients, one per column.
  ///
  /// - Parameter rows: the design matrix; every row has the same number of columns.
  /// - Parameter observed: one value per row.
  public static func coefficients(rows: [[Double]], observed: [Double]) -> [Double] {
    let columns = rows.first?.count ?? 0
    var solution = Array(repeating: 0.0, count: columns)
    var passive: [Int] = []
    let scale = slopeScale(rows, observed)
    // Each round adds one column; the bound only guards against cycling on rounding errors.
    for _ in 0..<(3 * columns) {
      let slopes = descent(rows, observed, at: solution)
      let steepness = zip(slopes, scale).map { slope, scale in slope / scale }
      let candidates = (0..<columns).filter { !passive.contains($0) && steepness[$0] > 1e-12 }
      let entering = candidates.max { steepness[$0] < steepness[$1] }
      guard let entering else { break }
      passive.append(entering)
      guard settle(&solution, &passive, rows, observed) else {
        passive.removeAll { $0 == entering }
        break
      }
    }
    return solution
  }

  /// Moves to the least squares solution on the passive columns, dropping each that would go negative on the way.
  private static func settle(
    _ solution: inout [Double], _ passive: inout [Int], _ rows: [[Double]], _ observed: [Double]
  ) -> Bool {
    while !passive.isEmpty {
      var problem = LeastSquares(columns: passive.count)
      for (row, value) in zip(rows, observed) { problem.add(passive.map { row[$0] }, observed: value) }
      guard let target = problem.coefficients else { return false }
      let blocked = passive.indices.filter { target[$0] <= 0 }
      if blocked.isEmpty {
        for (index, column) in passive.enumerated() { solution[column] = target[index] }
        return true
      }
      let step = blocked.map { solution[passive[$0]] / (solution[passive[$0]] - target[$0]) }.min() ?? 0
      for (index, column) in passive.enumerated() { solution[column] += step * (target[index] - solution[column]) }
      let dropped = blocked.filter { solution[passive[$0]] <= 1e-14 * abs(target[$0]) }.map { passive[$0] }
      for column in dropped { solution[column] = 0 }
      passive.removeAll(where: dropped.contains)
    }
    return true
  }

  /// How fast the fit improves as each coefficient grows: `Aᵀ(b − Ax)`.
  private static func descent(_ rows: [[Double]], _ observed: [Double], at solution: [Double]) -> [Double] {
    var slopes = Array(repeating: 0.0, count: solution.count)
    for (row, value) in zip(rows, observed) {
      let residual = value - zip(row, solution).reduce(0) { $0 + $1.0 * $1.1 }
      for column in slopes.indices { slopes[column] += row[column] * residual }
    }
    return slopes
  }

  /// The size that rounding errors of the slopes are to be compared with.
  private static func slopeScale(_ rows: [[Double]], _ observed: [Double]) -> [Double] {
    let size = observed.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return (rows.first ?? []).indices.map { column in
      max(rows.reduce(0) { $0 + $1[column] * $1[column] }.squareRoot() * size, .leastNormalMagnitude)
    }
  }
}
