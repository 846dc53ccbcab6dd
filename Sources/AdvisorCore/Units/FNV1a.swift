/// The 64-bit FNV-1a hash (http://www.isthe.com/chongo/tech/comp/fnv): the same in every run, unlike Swift's own.
package enum FNV1a {
  /// - Parameter hash: that of the bytes before these; by default there are none.
  @inlinable package static func hash(
    bytes: some Sequence<UInt8>, after hash: UInt64 = 0xcbf2_9ce4_8422_2325
  ) -> UInt64 {
    var hash = hash
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }

  /// Of the words one after the other, each ended by a null, which no argument can hold.
  @inlinable package static func hash(_ words: some Sequence<[UInt8]>) -> UInt64 {
    words.reduce(hash(bytes: [])) { hash(bytes: CollectionOfOne(0), after: hash(bytes: $1, after: $0)) }
  }

  /// Sixteen hexadecimal digits: of fewer the end is missing.
  package static func digits(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
