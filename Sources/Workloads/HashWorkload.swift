/// SHA-256 over a buffer that stays in cache; a unit is one byte hashed, in whole blocks of 64.
final class HashWorkload: Workload {
  let sliceUnits = 65_536

  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 64)
  private var hash = SHA256()
  private var offset = 0

  init(seed: UInt64) {
    var random = Xorshift(seed: seed)
    for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: random.next()) }
  }

  deinit { buffer.deallocate() }

  func run(units: Int) -> UInt64 {
    for _ in 0..<(max(0, units) + 63) / 64 {
      hash.absorb(UnsafeRawBufferPointer(rebasing: buffer[offset..<offset + 64]))
      offset = (offset + 64) % buffer.count
    }
    return UInt64(hash.words[0])
  }
}
