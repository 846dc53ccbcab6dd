import Testing

import System

@Suite struct KernelTextTests {
  @Test(
    "An integer is read",
    arguments: [
      ("0", 0), ("42\n", 42), (" -1 \n", -1), ("9223372036854775807", Int.max), ("", nil), ("-", nil), ("1 2", nil),
      ("0x10", nil), ("9223372036854775808", nil), ("3.5", nil),
    ])
  func readsIntegers(text: String, value: Int?) {
    #expect(KernelText.integer(bytes(text)[...]) == value)
  }

  /// As `cache/index*/size` holds them.
  @Test(
    "The size of a cache is read",
    arguments: [
      ("32K\n", 32_768), ("0K", nil), ("K", nil), ("32", nil), ("-4K", nil), ("9007199254740993K", nil),
    ])
  func readsCacheSizes(text: String, value: Int?) {
    #expect(KernelText.cacheSize(bytes(text)[...]) == value)
  }

  /// `/proc/meminfo`, and a node's own, which puts the node before the key.
  @Test(
    "A size of memory is read",
    arguments: [
      ("MemTotal:       16316412 kB\n", 16_316_412 << 10),
      ("MemFree: 1 kB\nNode 0 MemTotal:  32 kB\n", 32 << 10),
      ("MemTotal:\n", nil), ("MemTotal: many kB", nil), ("MemTotal: 9223372036854775807 kB", nil), ("", nil),
    ])
  func readsMemory(text: String, value: Int?) {
    #expect(KernelText.kibibytes("MemTotal:", in: bytes(text)) == value)
  }

  @Test("The first value of a key is found")
  func findsTheFirstValueOfAKey() {
    let info = bytes("processor\t: 0\nmodel name\t: Some CPU @ 2.0GHz: fast\nmodel name\t: Other\nlast\n")
    #expect(KernelText.value(of: "model name", in: info).map(KernelText.string) == "Some CPU @ 2.0GHz: fast")
    #expect(KernelText.value(of: "model", in: info) == nil)
    #expect(KernelText.value(of: "last", in: info) == nil)
  }

  /// As `/proc/vmstat` and a cgroup's `memory.stat` have them.
  @Test(arguments: [
    ("oom_kill 12\n", 12), ("nr_oom 3\noom_kill_disable 1\noom_kill 4", 4), ("oom_kill many", nil), ("", nil),
  ])
  func `a figure stands after its name`(text: String, value: Int?) {
    #expect(KernelText.figure(after: "oom_kill ", in: bytes(text)) == value)
  }

  @Test func `a file is read up to a limit`() throws {
    #expect(KernelFile.read("/proc/self/status", atMost: 5) == bytes("Name:"))
    #expect(try #require(KernelFile.read("/proc/self/status")).count > 5)
    #expect(KernelFile.read("/proc/self/none") == nil)
    #expect(KernelFile.read("/proc/self") == nil)
  }

  @Test func `a process that fills pages has them in memory`() throws {
    let before = try #require(ResidentMemory.bytes())
    let pages = [UInt8](repeating: 1, count: 64 << 20)
    #expect(try #require(ResidentMemory.bytes()) >= before + 32 << 20)
    #expect(ResidentMemory.bytes(of: -1) == nil)
    withExtendedLifetime(pages) {}
  }
}

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
