public import AdvisorCore
import System

/// A file of known size to read from, without a name: the kernel frees it when this process ends, however it ends.
public final class ScratchFile: Sendable {
  private let file: Descriptor

  /// Where this process and its children open it anew.
  public var path: String { "/proc/\(OwnProcess.id)/fd/\(file.number)" }

  /// Writes a file and brings it to the disk.
  ///
  /// - Parameters:
  ///   - bytes: rounded up to whole MiB.
  ///   - folder: by default `$TMPDIR`, or else `/var/tmp`, which is on a disk where `/tmp` may lie in memory.
  /// - Throws: `.cannotWrite` that names the folder, as when the disk is full.
  public init(bytes: Int, folder: String? = nil) throws(AdvisorError) {
    let folder = folder ?? Environment.value("TMPDIR") ?? "/var/tmp"
    guard let file = Descriptor(unnamedIn: folder) else { throw Self.failure(folder, .last) }
    try Self.fill(file.number, megabytes: (max(1, bytes) + (1 << 20) - 1) / (1 << 20), folder)
    self.file = file
  }

  private static func fill(_ descriptor: Int32, megabytes: Int, _ folder: String) throws(AdvisorError) {
    // Random bytes: some disks and file systems shortcut zeros.
    var random = Xorshift(seed: 1)
    let chunk = (0..<(1 << 17)).map { _ in random.next() }
    for index in 0..<megabytes {
      let written = chunk.withUnsafeBytes { OpenFile.writeSome(descriptor, $0, at: index << 20) }
      guard written == 1 << 20 else { throw failure(folder, written < 0 ? .last : .noSpace) }
    }
    let code = OpenFile.syncData(descriptor)
    guard code == 0 else { throw failure(folder, Errno(code)) }
  }

  private static func failure(_ folder: String, _ code: Errno) -> AdvisorError {
    AdvisorError(
      .cannotWrite, "cannot write a temporary file in \(folder): \(code.text)",
      advice: "free some space there, or set TMPDIR to another folder")
  }
}
