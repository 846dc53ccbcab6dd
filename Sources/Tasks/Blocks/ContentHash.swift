/// A hash of a block's bytes that tells it from others: fast, and no protection against who wants to find two alike.
///
/// Four lanes of eight bytes each, multiplied and rotated, are mixed by the finalizer of MurmurHash3 (A. Appleby, 2011).
enum ContentHash {
  private static let factor: UInt64 = 0x9e37_79b9_7f4a_7c15

  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var (a, b, c, d) = (factor, factor &* 3, factor &* 5, UInt64(bytes.count))
    var place = 0
    while place + 32 <= bytes.count {
      a = step(a, bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      b = step(b, bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self))
      c = step(c, bytes.loadUnaligned(fromByteOffset: place + 16, as: UInt64.self))
      d = step(d, bytes.loadUnaligned(fromByteOffset: place + 24, as: UInt64.self))
      place += 32
    }
    for byte in bytes[place...] { a = step(a, UInt64(byte)) }
    return [b, c, d].reduce(mixed(a)) { mixed($0 ^ step($1, 0)) }
  }

  @inline(__always) private static func step(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    let product = (lane ^ word) &* factor
    return product << 29 | product >> 35
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ value >> 33) &* 0xff51_afd7_ed55_8ccd
    value = (value ^ value >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return value ^ value >> 33
  }
}
