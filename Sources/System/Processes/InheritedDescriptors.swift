private import Glibc

/// Descriptors beside the three streams that whoever started this process has left open for it and for what it starts: by
/// `3>file`, `<(…)` or as make's job server. Ours are all closed when another program starts.
package enum InheritedDescriptors {
  /// Their numbers, in ascending order. To be asked for before anything else opens descriptors without `O_CLOEXEC`.
  package static let numbers: [Int32] = {
    var open: [Int32] = []
    if let folder = Descriptor(opening: "/proc/self/fd", .folder) {
      folder.addNumbers(to: &open)
    } else {
      open = Array(3..<256)
    }
    return open.filter { $0 > 2 && isInherited($0) }.sorted()
  }()

  /// Whether it is open, and stays so in a program that is started.
  package static func isInherited(_ number: Int32) -> Bool {
    let flags = fcntl(number, F_GETFD)
    return flags >= 0 && flags & FD_CLOEXEC == 0
  }
}
