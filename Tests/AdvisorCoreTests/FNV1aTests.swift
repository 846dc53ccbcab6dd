import Testing

@testable import AdvisorCore

/// Values of the authors' own tests (`test_fnv.c`, http://www.isthe.com/chongo/tech/comp/fnv).
@Suite struct FNV1aTests {
  @Test(
    arguments: [
      ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ] as [(String, UInt64)])
  func `bytes have the hash that its authors give`(text: String, hash: UInt64) {
    #expect(FNV1a.hash(bytes: text.utf8) == hash)
  }

  @Test func `words hash as if each were ended by a null`() {
    #expect(FNV1a.hash([Array("foo".utf8), Array("bar".utf8)]) == FNV1a.hash(bytes: "foo\0bar\0".utf8))
  }
}
