/// One random word of ASCII letters; a unit is one letter.
///
/// Integer work without memory traffic: each letter takes one step of the generator, one multiplication and one load.
final class WordWorkload: Workload {
  let sliceUnits = 200_000

  /// The word is written over and over into a buffer that stays in the nearest cache.
  private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 16_384)
  private let letters = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 52)
  private var random: Xorshift

  init(seed: UInt64) {
    random = Xorshift(seed: seed)
    buffer.initialize(repeating: 0)
    _ = letters.initialize(from: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
  }

  deinit {
    buffer.deallocate()
    letters.deallocate()
  }

  /// The letters that the last call wrote, the end of a word that is longer than the buffer.
  var written: UnsafeMutableBufferPointer<UInt8> { buffer }

  func run(units: Int) -> UInt64 {
    // Locals: a store into the buffer could else be one into this object, and all would be loaded anew each time.
    let (buffer, letters) = (buffer, letters)
    var random = random
    var remaining = units
    while remaining > 0 {
      let count = min(remaining, buffer.count)
      for index in 0..<count {
        // Scaled to 0...51 by the high half of a product: no division. Lemire, ACM TOMACS 29 (2019).
        buffer[index] = letters[Int(truncatingIfNeeded: random.next().multipliedFullWidth(by: 52).high)]
      }
      remaining -= count
    }
    self.random = random
    return random.next() ^ UInt64(buffer[0])
  }
}
