/// The 64-bit FNV-1a hash (http://www.isthe.com/chongo/tech/comp/fnv): the same in every run, unlike Swift's own.
package enum FNV1a {
  /// Of the words one after the other, each ended by a null, which no argument can hold.
  package static func hash(_ words: some Sequence<[UInt8]>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for word in words {
      for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = hash &* 0x100_0000_01b3
    }
    return hash
  }
}
