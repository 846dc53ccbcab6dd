import AdvisorCore
import Glibc
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
    let process = try spawn(["gzip", "-dc"], input: file.number, output: pipe.writing.number)
    _ = pipe.writing.close()
    let bytes = pipe.reading.readAll(atMost: maxBytes)
    // Where that was too much, this ends gzip.
    _ = pipe.reading.close()
    guard waits(for: process), let bytes else {
      throw failure(.badData, "\(path) is not a whole archive that gzip can expand, of at most 256 MiB")
    }
    return bytes
  }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `AdvisorError` where it cannot be written.
  static func write(_ bytes: [UInt8], to path: String) throws(AdvisorError) {
    // gzip reads a file rather than a pipe from us, so that its end cannot leave us writing to nobody.
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    guard let source = Descriptor(unnamedIn: folder) else {
      throw failure(.cannotWrite, "cannot make a temporary file in \(folder): \(reason)")
    }
    let code = source.write(bytes)
    guard code == 0, lseek(source.number, 0, SEEK_SET) == 0 else {
      throw failure(.cannotWrite, "cannot write a temporary file in \(folder): \(String(cString: strerror(code)))")
    }
    try AtomicFile.write(to: path) { file throws(AdvisorError) in
      let process = try spawn(["gzip", "-9cn"], input: source.number, output: file.number)
      guard waits(for: process) else {
        throw failure(.cannotWrite, "cannot write \(path): gzip failed, as on a full disk")
      }
    }
  }

  private static func spawn(_ command: [String], input: Int32, output: Int32) throws(AdvisorError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    let arguments = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var process: pid_t = 0
    let result = posix_spawnp(&process, command[0], &actions, nil, arguments, environ)
    guard result == 0 else {
      throw AdvisorError(
        .unavailable, "cannot start gzip: \(String(cString: strerror(result)))",
        advice: "install gzip, which reads and writes snapshots; or unpack the archive and name its folder")
    }
    return process
  }

  private static func waits(for process: pid_t) -> Bool {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return false } }
    return status == 0
  }

  private static var reason: String { String(cString: strerror(errno)) }

  private static func failure(_ code: AdvisorError.Code, _ problem: String) -> AdvisorError {
    let advice =
      code == .badData
      ? "name a file that `advisor probe --snapshot` wrote"
      : "check the folder, its permissions and the room on its disk"
    return AdvisorError(code, problem, advice: advice)
  }
}
