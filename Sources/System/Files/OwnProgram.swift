private import Glibc

public enum OwnProgram {
  /// Where the file of this program lies, whichever link it was called by; empty where /proc is not mounted, and `errno` says
  /// why.
  public static var path: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
