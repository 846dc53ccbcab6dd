package import AdvisorCore
internal import System

/// A folder that keeps each task's output in files of its own: `DIR/1/INPUT/stdout`, `stderr` and `exit`, with a level
/// `2/INPUT` and so on for each further input.
///
/// The layout is that of GNU parallel's `--results`. Names are made safe: what is no plain character is written `%2F`, and
/// no name leaves the folder. Of inputs that come twice the later ones have `~` and their number behind.
final class ResultsFolder {
  private let path: String
  private let root: Descriptor
  private let keeping: TaskOptions.Resume?
  /// Of the inputs, instead of their numbers; none where they have no names.
  private let names: [String]
  /// Hashes of the folders of this run.
  private var used: Set<Int> = []
  /// Hashes of inputs that have come, and the numbers of the tasks with those that have come again.
  private var seen: Set<Int> = []
  private var repeated: [Int: [Int]] = [:]

  /// - Parameter keeping: which results of earlier runs are not written over; nil for none.
  /// - Throws: `AdvisorError` (cannotWrite) when it cannot be made.
  init(path: String, names: [String] = [], keeping: TaskOptions.Resume? = nil) throws(AdvisorError) {
    (self.path, self.names, self.keeping) = (path, names, keeping)
    root = try WriteFault.named(path, advice: Self.advice) { () throws(WriteFault) in try ResolvedPath.folder(path) }
  }

  /// Makes a task's folder, with new files.
  ///
  /// - Throws: `AdvisorError`: cannotWrite, or temporary when the system is short of descriptors.
  func files(of task: inout RunTask) throws(AdvisorError) -> ResultFiles {
    let folder = task.resultsFolder ?? self.folder(of: task)
    task.resultsFolder = folder
    return try ResultFiles(folder, in: self)
  }

  /// Notes that a task is not run again: one of the folders for its inputs holds its result.
  func leaveOut(_ task: RunTask) { _ = names(of: task) }

  /// Of tasks with the same inputs, which one had which folder is not known in a later run: any that is not to be kept
  /// will do.
  private func folder(of task: RunTask) -> String {
    let names = names(of: task)
    let own = "\(names[0])~\(task.sequence)"
    var name = (names + [own]).first { isFree($0) } ?? own
    var count = 1
    while !isFree(name) {
      count += 1
      name = "\(own)~\(count)"
    }
    used.insert(name.hashValue)
    return name
  }

  /// The folders that tasks with these inputs have had so far, or could have.
  private func names(of task: RunTask) -> [String] {
    // A batch is one source, whose first input names it.
    let inputs = task.weight > 1 ? Array(task.inputs.prefix(1)) : task.inputs
    var name = inputs.enumerated().map { "/\(level($0))/\(Self.safeName($1))" }.joined()
    if name.isEmpty { name = "/1" }
    name.removeFirst()
    let key = name.hashValue
    if !seen.insert(key).inserted { repeated[key, default: []].append(task.sequence) }
    return [name] + (repeated[key] ?? []).map { "\(name)~\($0)" }
  }

  private func level(_ column: Int) -> String {
    names.indices.contains(column) ? Self.safeName(Array(names[column].utf8)) : "\(column + 1)"
  }

  /// Whether a folder is not of this run, and holds no result of an earlier one that is to be kept.
  private func isFree(_ folder: String) -> Bool {
    guard !used.contains(folder.hashValue) else { return false }
    let exit = Descriptor(opening: "\(folder)/exit", in: root.number, [.nonBlocking, .notFollowing])
    guard let keeping, let file = exit else { return true }
    var status: UInt8 = 0
    let count = withUnsafeMutableBytes(of: &status) { file.read(into: $0) }
    return count <= 0 || (keeping == .succeeded && status != UInt8(ascii: "0"))
  }

  /// Does something in a task's folder, which is made where it is missing: no link below our own folder is followed.
  fileprivate func inFolder<Value: ~Copyable>(
    _ folder: String, _ name: String, _ body: (FolderEntry) throws(WriteFault) -> Value
  ) throws(AdvisorError) -> Value {
    try WriteFault.named(file(folder, name), advice: Self.advice) { () throws(WriteFault) in
      var parent: Descriptor?
      for level in folder.split(separator: "/") {
        parent = try FolderEntry(String(level), in: parent?.number ?? root.number).openFolder()
      }
      return try body(FolderEntry(name, in: parent?.number ?? root.number))
    }
  }

  fileprivate func file(_ folder: String, _ name: String) -> String { "\(path)/\(folder)/\(name)" }

  fileprivate static let advice = "make room there, or name a folder that you may write"

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
}

/// The files of one attempt of a task.
package final class ResultFiles {
  private let outputFile: Descriptor
  private let errorFile: Descriptor
  private let folder: String
  private let results: ResultsFolder

  var output: Int32 { outputFile.number }
  var error: Int32 { errorFile.number }

  fileprivate init(_ folder: String, in results: ResultsFolder) throws(AdvisorError) {
    self.folder = folder
    self.results = results
    try results.inFolder(folder, "exit") { $0.remove() }
    outputFile = try Self.make("stdout", folder, results)
    errorFile = try Self.make("stderr", folder, results)
  }

  private static func make(
    _ name: String, _ folder: String, _ results: ResultsFolder
  ) throws(AdvisorError) -> Descriptor {
    try results.inFolder(folder, name) { entry throws(WriteFault) in try entry.recreate() }
  }

  /// Bytes of the output.
  var count: Int { FileStatus(descriptor: output)?.bytes ?? 0 }

  /// Writes what a task has written elsewhere.
  package func write(_ output: [UInt8], _ error: [UInt8]) throws(AdvisorError) {
    for (bytes, file, name) in [(output, self.output, "stdout"), (error, self.error, "stderr")] {
      let code = bytes.withUnsafeBytes { FileWriting.writeAll($0, to: file) }
      try check(code, name)
    }
  }

  /// Writes the exit status last: where it stands, the other two files are whole.
  func finish(_ ending: TaskOutcome.Ending) throws(AdvisorError) {
    try check(Self.make("exit", folder, results).write(Array("\(ending.shellStatus)\n".utf8)), "exit")
  }

  private func check(_ code: Int32, _ name: String) throws(AdvisorError) {
    guard code != 0 else { return }
    throw WriteFault(code).error(results.file(folder, name), advice: ResultsFolder.advice)
  }
}
