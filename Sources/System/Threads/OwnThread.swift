private import CLinux

/// What the calling thread may run on, and how it waits for others.
package enum OwnThread {
  /// Reads the affinity mask, 64 CPUs a word, the lowest first. Returns the bytes that the kernel filled, or -errno.
  package static func getAffinity(_ words: inout [UInt64]) -> Int { clinux_get_affinity(&words, words.count * 8) }

  /// Sets the affinity mask, in the same form. Returns 0 or -errno.
  package static func setAffinity(_ words: [UInt64]) -> Int { clinux_set_affinity(words, words.count * 8) }

  /// Sleeps while a word has a value, until it is woken; it may wake for nothing (futex(2)).
  package static func sleep(on word: UnsafeMutablePointer<UInt32>, while value: UInt32) {
    _ = clinux_futex_wait(word, value)
  }

  /// Wakes one thread of this process that sleeps on a word.
  package static func wakeOne(on word: UnsafeMutablePointer<UInt32>) { _ = clinux_futex_wake(word, 1) }
}
