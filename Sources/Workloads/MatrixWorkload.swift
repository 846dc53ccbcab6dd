/// Multiplies matrices of 64 × 64 doubles; a unit is one multiply-add, in whole rows of 64.
///
/// Floating-point work out of the second-level cache: each step adds a multiple of a row of B to a row of C.
final class MatrixWorkload: Workload {
  let sliceUnits = 1_000_000

  private static let order = 64
  private static let vectors = order / 8
  private let a = UnsafeMutableBufferPointer<Double>.allocate(capacity: order * order)
  private let b = UnsafeMutableBufferPointer<SIMD8<Double>>.allocate(capacity: order * vectors)
  private let c = UnsafeMutableBufferPointer<SIMD8<Double>>.allocate(capacity: order * vectors)
  private var step = 0

  init(seed: UInt64) {
    var random = Xorshift(seed: seed)
    for index in a.indices { a.initializeElement(at: index, to: Double.random(in: -1...1, using: &random)) }
    for index in b.indices {
      b.initializeElement(at: index, to: SIMD8(repeating: Double.random(in: -1...1, using: &random)))
    }
    c.initialize(repeating: .zero)
  }

  deinit {
    a.deallocate()
    b.deallocate()
    c.deallocate()
  }

  /// A[row, term] and B[term, 0].
  func factors(row: Int, term: Int) -> (Double, Double) { (a[row * Self.order + term], b[term * Self.vectors][0]) }

  /// C[row, 0].
  func product(row: Int) -> Double { c[row * Self.vectors][0] }

  func run(units: Int) -> UInt64 {
    let (order, vectors) = (Self.order, Self.vectors)
    for _ in 0..<(max(0, units) + order - 1) / order {
      // C[i] += A[i, k] · B[k]
      let (i, k) = (step / order, step % order)
      let factor = SIMD8(repeating: a[step])
      for j in 0..<vectors { c[i * vectors + j] += factor * b[k * vectors + j] }
      step = (step + 1) % (order * order)
    }
    return c[0][0].bitPattern
  }
}
