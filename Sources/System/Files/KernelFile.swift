private import Glibc

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

extension Descriptor {
  /// Adds the numbers that are names in this folder, as `/proc` has one for each process; the others are left out.
  package consuming func addNumbers(to numbers: inout [Int32]) {
    guard let list = fdopendir(number) else { return }
    _ = release()
    defer { closedir(list) }
    while let entry = readdir(list) {
      let number = withUnsafePointer(to: &entry.pointee.d_name) {
        UnsafeRawPointer($0).withMemoryRebound(to: UInt8.self, capacity: 256, Self.number)
      }
      if let number { numbers.append(number) }
    }
  }

  private static func number(_ name: UnsafePointer<UInt8>) -> Int32? {
    var (value, next) = (Int32(0), name)
    while case let digit = next.pointee &- UInt8(ascii: "0"), digit < 10 {
      value = value &* 10 &+ Int32(digit)
      next += 1
    }
    return next.pointee == 0 ? value : nil
  }
}

extension KernelFile {
  /// What a symbolic link holds, such as `pipe:[4711]` behind `/proc/PID/fd/0`; nil where it cannot be read.
  package static func link(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      let count = buffer.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map { readlink(path, $0, text.count) } ?? -1
      }
      return count > 0 ? String(decoding: UnsafeRawBufferPointer(rebasing: buffer[..<count]), as: UTF8.self) : nil
    }
  }
}
