/// Marsaglia's 64-bit xorshift generator: three shifts a number, fast enough to vanish beside a store.
///
/// "Xorshift RNGs", Journal of Statistical Software 8 (2003), with the triple (13, 7, 17).
public struct Xorshift: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) {
    // Zero is the one state that the generator never leaves.
    state = seed == 0 ? 0x9E37_79B9_7F4A_7C15 : seed
  }

  @inline(__always)
  public mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
