/// The small files in which the kernel tells of itself and of processes (proc(5), sysfs(5)); ``KernelText`` takes them apart.
package enum KernelFile {
  /// The first bytes of a file; nil where it cannot be read, and `errno` says why.
  package static func read(_ path: String, atMost limit: Int = 4096) -> [UInt8]? {
    Descriptor(opening: path)?.readStart(atMost: limit)
  }
}

extension Descriptor {
  /// Reads the first bytes of a file; nil where that fails, and `errno` says why.
  ///
  /// - Parameter inOnePiece: whether a short piece is the last, as sysfs has it and procfs has not: that saves a call.
  package func readStart(atMost limit: Int, inOnePiece: Bool = false) -> [UInt8]? {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      var bytes: [UInt8] = []
      while bytes.count < limit {
        let count = read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(limit - bytes.count)))
        guard count >= 0 else { return nil }
        guard count > 0 else { break }
        bytes += UnsafeRawBufferPointer(rebasing: buffer[..<count])
        if inOnePiece, count < buffer.count { break }
      }
      return bytes
    }
  }
}
