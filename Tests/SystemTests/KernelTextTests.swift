import Testing

@testable import Probe

@Suite struct KernelTextTests {
  @Test(arguments: [
    ("0", 0), ("42\n", 42), (" -1 \n", -1), ("9223372036854775807", Int.max), ("", nil), ("-", nil), ("1 2", nil),
    ("0x10", nil), ("9223372036854775808", nil), ("3.5", nil),
  ])
  func readsIntegers(text: String, value: Int?) {
    #expect(KernelText.integer(bytes(text)[...]) == value)
  }

  /// As `cache/index*/size` holds them.
  @Test(arguments: [
    ("32K\n", 32_768), ("0K", nil), ("K", nil), ("32", nil), ("-4K", nil), ("9007199254740993K", nil),
  ])
  func readsCacheSizes(text: String, value: Int?) {
    #expect(KernelText.cacheSize(bytes(text)[...]) == value)
  }

  /// `/proc/meminfo`, and a node's own, which puts the node before the key.
  @Test(arguments: [
    ("MemTotal:       16316412 kB\n", 16_316_412 << 10),
    ("MemFree: 1 kB\nNode 0 MemTotal:  32 kB\n", 32 << 10),
    ("MemTotal:\n", nil), ("MemTotal: many kB", nil), ("MemTotal: 9223372036854775807 kB", nil), ("", nil),
  ])
  func readsMemory(text: String, value: Int?) {
    #expect(KernelText.kibibytes("MemTotal:", in: bytes(text)) == value)
  }

  @Test func findsTheFirstValueOfAKey() {
    let info = bytes("processor\t: 0\nmodel name\t: Some CPU @ 2.0GHz: fast\nmodel name\t: Other\nlast\n")
    #expect(KernelText.value(of: "model name", in: info).map(KernelText.string) == "Some CPU @ 2.0GHz: fast")
    #expect(KernelText.value(of: "model", in: info) == nil)
    #expect(KernelText.value(of: "last", in: info) == nil)
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
