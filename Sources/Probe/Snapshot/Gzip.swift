import AdvisorCore
import System

/// Compresses and expands with the system's gzip.
enum Gzip {
  /// A snapshot of the largest machines takes a few MiB; an archive that wants more is a mistake or an attack.
  private static let maxBytes = 256 << 20

  /// - Throws: `AdvisorError` where the file cannot be read or is not gzip's.
  static func contents(of path: String) throws(AdvisorError) -> [UInt8] {
    guard let file = Descriptor(opening: path) else {
      throw failure(.badData, "cannot read \(path): \(reason)")
    }
    let pipe = try Pipe()
    let process = try start(["gzip", "-dc"], input: file.number, output: pipe.writing.number)
    _ = pipe.writing.close()
    let bytes = pipe.reading.readAll(atMost: maxBytes)
    // Where that was too much, this ends gzip.
    _ = pipe.reading.close()
    guard process.wait().succeeded, let bytes else {
      throw failure(.badData, "\(path) is not a whole archive that gzip can expand, of at most 256 MiB")
    }
    return bytes
  }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `AdvisorError` where it cannot be written.
  static func write(_ bytes: [UInt8], to path: String) throws(AdvisorError) {
    // gzip reads a file rather than a pipe from us, so that its end cannot leave us writing to nobody.
    let folder = Environment.temporaryFolder
    guard let source = Descriptor(unnamedIn: folder) else {
      throw failure(.cannotWrite, "cannot make a temporary file in \(folder): \(reason)")
    }
    let code = source.write(bytes)
    guard code == 0, OpenFile.rewind(source.number) else {
      throw failure(.cannotWrite, "cannot write a temporary file in \(folder): \(Errno(code).text)")
    }
    try AtomicFile.write(to: path) { file throws(AdvisorError) in
      let process = try start(["gzip", "-9cn"], input: source.number, output: file.number)
      guard process.wait().succeeded else {
        throw failure(.cannotWrite, "cannot write \(path): gzip failed, as on a full disk")
      }
    }
  }

  private static func start(_ command: [String], input: Int32, output: Int32) throws(AdvisorError) -> ChildProcess {
    do throws(AdvisorError) {
      return try ChildProcess(Launch(command, input: input, output: output, error: nil, ownGroup: false))
    } catch {
      throw AdvisorError(
        error.code, error.problem,
        advice: "install gzip, which reads and writes snapshots; or unpack the archive and name its folder")
    }
  }

  private static var reason: String { Errno.last.text }

  private static func failure(_ code: AdvisorError.Code, _ problem: String) -> AdvisorError {
    let advice =
      code == .badData
      ? "name a file that `advisor probe --snapshot` wrote"
      : "check the folder, its permissions and the room on its disk"
    return AdvisorError(code, problem, advice: advice)
  }
}
