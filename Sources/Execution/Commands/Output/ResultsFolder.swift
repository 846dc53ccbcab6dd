internal import AdvisorCore
private import Glibc

/// A folder that keeps each task's output in files of its own: `DIR/1/INPUT/stdout`, `stderr` and `exit`, with a level
/// `2/INPUT` and so on for each further input.
///
/// The layout is that of GNU parallel's `--results`. Names are made safe: what is no plain character is written `%2F`, and
/// no name leaves the folder. Of inputs that come twice the later ones have `~` and their number behind.
final class ResultsFolder {
  private let path: String
  /// Hashes of the folders of this run.
  private var used: Set<Int> = []

  /// - Throws: `AdvisorError` (cannotWrite) when it cannot be made.
  init(path: String) throws(AdvisorError) {
    self.path = path
    try Self.makeFolders(path)
  }

  /// Makes a task's folder, and its files anew.
  ///
  /// - Throws: `AdvisorError`: cannotWrite, or temporary when the system is short of descriptors.
  func files(of task: inout CommandTask) throws(AdvisorError) -> ResultFiles {
    let folder = task.resultsFolder ?? self.folder(of: task)
    task.resultsFolder = folder
    try Self.makeFolders(folder)
    return try ResultFiles(folder: folder)
  }

  private func folder(of task: CommandTask) -> String {
    // A batch is one source, whose first input names it.
    let inputs = task.weight > 1 ? Array(task.inputs.prefix(1)) : task.inputs
    var folder = inputs.enumerated().map { "/\($0 + 1)/\(Self.safeName($1))" }.joined()
    if folder.isEmpty { folder = "/1" }
    if !used.insert(folder.hashValue).inserted { folder += "~\(task.sequence)" }
    return path + folder
  }

  /// Letters, digits and `+,-._=@:` as they are, all other bytes as `%` and two digits; a name that is too long ends in its
  /// hash.
  static func safeName(_ input: [UInt8]) -> String {
    guard !input.isEmpty else { return "%" }
    var name = ""
    for (index, byte) in input.enumerated() {
      let isPlain =
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        // No name starts with a dot: `.` and `..` would lead elsewhere.
        case UInt8(ascii: "."): index > 0
        default: "+,-_=@:".utf8.contains(byte)
        }
      let digits = String(byte, radix: 16, uppercase: true)
      name += isPlain ? String(UnicodeScalar(byte)) : digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      if name.utf8.count > 200 { return "\(name)~\(String(FNV1a.hash([input]), radix: 16))" }
    }
    return name
  }

  private static func makeFolders(_ path: String) throws(AdvisorError) {
    if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    let code = errno
    if code == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try makeFolders(String(path[..<slash]))
      if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    }
    throw ResultFiles.failure(path, errno)
  }
}

/// The files of one attempt of a task.
final class ResultFiles {
  private let outputFile: Descriptor
  private let errorFile: Descriptor
  private let folder: String

  var output: Int32 { outputFile.number }
  var error: Int32 { errorFile.number }

  fileprivate init(folder: String) throws(AdvisorError) {
    self.folder = folder
    unlink("\(folder)/exit")
    outputFile = try Self.make("\(folder)/stdout")
    errorFile = try Self.make("\(folder)/stderr")
  }

  private static func make(_ path: String) throws(AdvisorError) -> Descriptor {
    guard let file = Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC) else { throw failure(path, errno) }
    return file
  }

  /// Bytes of output and error.
  var count: Int {
    [output, error].reduce(0) { sum, file in
      var status = stat()
      return fstat(file, &status) == 0 ? sum + Int(status.st_size) : sum
    }
  }

  /// Writes what a task has written elsewhere.
  func write(_ output: [UInt8], _ error: [UInt8]) throws(AdvisorError) {
    for (bytes, file, name) in [(output, self.output, "stdout"), (error, self.error, "stderr")] {
      let code = bytes.withUnsafeBytes { FileWriting.writeAll($0, to: file) }
      guard code == 0 else { throw Self.failure("\(folder)/\(name)", code) }
    }
  }

  /// Writes the exit status last: where it stands, the other two files are whole.
  func finish(_ ending: CommandOutcome.Ending) throws(AdvisorError) {
    let path = "\(folder)/exit"
    let code = try Self.make(path).write(Array("\(ending.shellStatus)\n".utf8))
    guard code == 0 else { throw Self.failure(path, code) }
  }

  fileprivate static func failure(_ path: String, _ code: Int32) -> AdvisorError {
    let problem = "cannot write to “\(path.printable)”: \(String(cString: strerror(code)))"
    return code == EMFILE || code == ENFILE
      ? AdvisorError(.temporary, problem, advice: "use fewer workers, or raise the limit on open files (ulimit -n)")
      : AdvisorError(.cannotWrite, problem, advice: "make room there, or name a folder that you may write")
  }
}

extension CommandOutcome.Ending {
  /// As a shell's `$?` has it: 128 and the signal for a task that was killed, 124 as timeout(1), 127 where none started.
  fileprivate var shellStatus: Int32 {
    switch self {
    case .succeeded: 0
    case .exited(let status): status
    case .killed(let signal): 128 + signal
    case .timedOut: 124
    case .failed: 1
    case .notStarted: 127
    case .stopped: 128 + SIGTERM
    }
  }
}
