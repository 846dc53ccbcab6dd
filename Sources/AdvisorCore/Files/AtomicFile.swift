private import Glibc

/// Writes a file so that no reader, crash or full disk ever leaves half of it.
public enum AtomicFile {
  /// Writes beside the destination, syncs, and renames over it. A device or a pipe, such as `/dev/stdout`, is written to instead.
  ///
  /// - Throws: ``AdvisorError`` that names the file; nothing is left behind then.
  public static func write(_ bytes: [UInt8], to path: String) throws(AdvisorError) {
    if isSpecial(path) { return try writeThrough(bytes, to: path) }
    let temporary = temporary(beside: path)
    let file = try open(temporary, for: path)
    var status = file.write(bytes)
    if status == 0, fsync(file.number) != 0 { status = errno }
    let closing = file.close()
    if status == 0 { status = closing }
    if status == 0, rename(temporary, path) != 0 { status = errno }
    guard status != 0 else { return }
    unlink(temporary)
    throw failure(path, status)
  }

  /// Checks that the file could be written, and leaves nothing behind: for whoever would lose a minute of work.
  ///
  /// - Throws: ``AdvisorError`` that names the file.
  public static func check(_ path: String) throws(AdvisorError) {
    guard !isSpecial(path) else { return }
    let temporary = temporary(beside: path)
    _ = try open(temporary, for: path)
    unlink(temporary)
  }

  /// Whether something is there that must not be replaced: neither a file nor a folder, which rename refuses.
  private static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  private static func writeThrough(_ bytes: [UInt8], to path: String) throws(AdvisorError) {
    guard let file = Descriptor(opening: path, O_WRONLY) else { throw failure(path, errno) }
    let status = file.write(bytes)
    guard status == 0 else { throw failure(path, status) }
  }

  private static func temporary(beside path: String) -> String { "\(path).\(getpid()).tmp" }

  private static func open(_ temporary: String, for path: String) throws(AdvisorError) -> Descriptor {
    // What somebody else has put there is not written to: a crash of ours may have left it, another user may have.
    unlink(temporary)
    guard let file = Descriptor(opening: temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644) else {
      throw failure(path, errno)
    }
    return file
  }

  private static func failure(_ path: String, _ code: Int32) -> AdvisorError {
    AdvisorError(
      .cannotWrite, "cannot write \(path): \(String(cString: strerror(code)))",
      advice: "check that the folder is there, that you may write to it and that its disk has room")
  }
}
