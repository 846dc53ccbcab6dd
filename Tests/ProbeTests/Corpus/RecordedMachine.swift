import AdvisorCore
import Foundation
import Probe
import Testing

/// A machine of the corpus that `ADVISOR_TOPOLOGY_CORPUS` names: its files, and what the reference tools say of it.
struct RecordedMachine: CustomTestStringConvertible {
  static let corpus = ProcessInfo.processInfo.environment["ADVISOR_TOPOLOGY_CORPUS"]

  /// Every folder of the corpus that holds a machine.
  static let all: [RecordedMachine] = {
    guard let corpus, let names = try? FileManager.default.contentsOfDirectory(atPath: corpus) else { return [] }
    return names.sorted().map { RecordedMachine(name: $0, folder: "\(corpus)/\($0)") }
      .filter { FileManager.default.fileExists(atPath: "\($0.folder)/root.tar.xz") }
  }()

  let name: String
  let folder: String

  var testDescription: String { name }

  var answers: ReferenceAnswers {
    get throws {
      let data = try Data(contentsOf: URL(filePath: "\(folder)/expected.json"))
      return try JSONDecoder().decode(ReferenceAnswers.self, from: data)
    }
  }

  /// Probes the machine's files, unpacked for as long as that takes.
  func probe() throws -> Machine {
    let root = FileManager.default.temporaryDirectory.appending(path: "advisor-corpus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    // The dumps hold much that no probe reads, thousands of files of it.
    tar.arguments =
      ["tar", "--extract", "--xz", "--file", "\(folder)/root.tar.xz", "--directory", root.path]
      + ["bus", "block", "class", "virtual"].map { "--exclude=sys/\($0)" } + ["--exclude=cpufreq", "--exclude=cpuidle"]
    try tar.run()
    tar.waitUntilExit()
    return try Prober(files: FolderTree(root: root.path)).machine()
  }
}
