/// Whether a value differs from the expected one by no more than a share of it, or by no more than an absolute amount.
public func isClose(_ value: Double, _ expected: Double, relative: Double, absolute: Double = 0) -> Bool {
  abs(value - expected) <= max(relative * abs(expected), absolute)
}

/// Whether a value is there and agrees with the expected one to a tolerance, relative to it, or to 0.001 where it is smaller.
public func agree(_ value: Double?, _ expected: Double, within tolerance: Double) -> Bool {
  guard let value else { return false }
  return isClose(value, expected, relative: tolerance, absolute: tolerance * 1e-3)
}
