import AdvisorCore
import AdvisorTestSupport
import Foundation
import Testing

@testable import Probe
@testable import System

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
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(
        ReferenceAnswers.self, from: try Data(contentsOf: URL(filePath: "\(folder)/expected.json")))
    }
  }

  func probe() throws -> Machine {
    let archive = try ProgramRun(["xz", "--decompress", "--stdout", "\(folder)/root.tar.xz"]).output
    // The dumps hold much that no probe reads, thousands of files of it.
    let parts = ["/proc/", "/dev/cpuset/", "/sys/fs/cgroup/", "/sys/devices/system/", "/sys/devices/cpu_"]
    let files = try #require(TarArchive.files(in: archive)).filter { file in
      parts.contains { file.key.hasPrefix($0) } && !file.key.contains("/cpufreq/")
    }
    return try Prober(files: MemoryTree(files)).machine()
  }
}
