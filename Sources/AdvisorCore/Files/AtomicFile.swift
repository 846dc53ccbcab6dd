private import Glibc

/// Writes a file so that no reader, crash or full disk ever leaves half of it.
public enum AtomicFile {
  /// Writes beside the destination, syncs, and renames over it.
  ///
  /// - Throws: ``AdvisorError`` that names the file; nothing is left behind then.
  public static func write(_ bytes: [UInt8], to path: String) throws(AdvisorError) {
    let (temporary, descriptor) = try openTemporary(beside: path)
    var status = writeAll(bytes, to: descriptor)
    if status == 0, fsync(descriptor) != 0 { status = errno }
    if close(descriptor) != 0, status == 0 { status = errno }
    if status == 0, rename(temporary, path) != 0 { status = errno }
    guard status != 0 else { return }
    unlink(temporary)
    throw failure(path, status)
  }

  /// Checks that the file could be written, and leaves nothing behind: for whoever would lose a minute of work.
  ///
  /// - Throws: ``AdvisorError`` that names the file.
  public static func check(_ path: String) throws(AdvisorError) {
    let (temporary, descriptor) = try openTemporary(beside: path)
    close(descriptor)
    unlink(temporary)
  }

  private static func openTemporary(beside path: String) throws(AdvisorError) -> (path: String, descriptor: Int32) {
    let temporary = "\(path).\(getpid()).tmp"
    // What somebody else has put there is not written to: a crash of ours may have left it, another user may have.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path, errno) }
    return (temporary, descriptor)
  }

  /// Returns 0 or the errno that stopped it.
  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        guard errno == EINTR else { return errno }
        continue
      }
      written += count
    }
    return 0
  }

  private static func failure(_ path: String, _ code: Int32) -> AdvisorError {
    AdvisorError(
      .cannotWrite, "cannot write \(path): \(String(cString: strerror(code)))",
      advice: "check that the folder is there, that you may write to it and that its disk has room")
  }
}
