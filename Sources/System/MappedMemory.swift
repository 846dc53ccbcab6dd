private import Glibc

/// Anonymous memory of this process alone, zeroed, of which the kernel gives a page when that is first touched (mmap(2)); it is
/// given back with this value.
package struct MappedMemory: ~Copyable {
  package enum HugePages { case wanted, refused }

  package let start: UnsafeMutableRawPointer
  private let bytes: Int

  /// Nil where there is not that much memory, and `errno` says why.
  ///
  /// - Parameter hugePages: whether the kernel is to give them where it has some.
  package init?(bytes: Int, hugePages: HugePages) {
    guard let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), start != MAP_FAILED
    else { return nil }
    _ = madvise(start, bytes, hugePages == .wanted ? MADV_HUGEPAGE : MADV_NOHUGEPAGE)
    (self.start, self.bytes) = (start, bytes)
  }

  /// Writes this number of bytes at an offset, which makes the kernel allocate their pages.
  package func touch(_ bytes: Int, at offset: Int) {
    (start + offset).initializeMemory(as: UInt8.self, repeating: 1, count: bytes)
  }

  deinit { _ = munmap(start, bytes) }
}
