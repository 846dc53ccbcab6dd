import AdvisorTestSupport
import Foundation
import Testing

/// The built program, started as a user would start it, with a data folder of its own.
final class Program {
  struct Outcome {
    var status: Int32
    var output: String
    var complaint: String
  }

  private let files: TemporaryFolder
  var folder: String { files.path }
  private var environment: [String: String]

  init() throws {
    files = try TemporaryFolder()
    environment = ProcessInfo.processInfo.environment
    environment["XDG_DATA_HOME"] = files.path
    environment["ADVISOR_PROFILE"] = nil
  }

  /// Runs the program to its end.
  ///
  /// - Parameter wrapper: a program and its arguments that start ours, such as `taskset -c 0`.
  func run(_ arguments: String..., wrapper: [String] = [], input: String? = nil) throws -> Outcome {
    let process = try start(arguments, wrapper: wrapper, input: input)
    return try process.finish()
  }

  /// Runs a line of shell in which `$ADVISOR` is the program.
  func shell(_ line: String) throws -> Outcome {
    let words = ["/usr/bin/env", "ADVISOR=\(BuiltProgram.path)", "sh", "-c", line]
    return try Running(words, environment: environment, folder: folder, input: nil).finish()
  }

  func start(_ arguments: [String], wrapper: [String] = [], input: String? = nil) throws -> Running {
    let words = ["/usr/bin/env"] + wrapper + [BuiltProgram.path] + arguments
    return try Running(words, environment: environment, folder: folder, input: input)
  }

  /// Writes a file in the program's own folder and returns its path.
  func file(_ name: String, _ text: String) throws -> String { try files.write(name, text) }

  /// A program that was started and has not ended yet.
  final class Running {
    private let process: StartedProgram
    private let output: String
    private let complaint: String

    var id: Int32 { process.id }

    init(_ words: [String], environment: [String: String], folder: String, input: String?) throws {
      output = "\(folder)/stdout-\(UUID().uuidString)"
      complaint = "\(folder)/stderr-\(UUID().uuidString)"
      let path = input.map { _ in "\(folder)/stdin-\(UUID().uuidString)" }
      if let input, let path { try Data(input.utf8).write(to: URL(filePath: path)) }
      process = try StartedProgram(
        words, environment: environment, folder: folder, input: path, output: output, error: complaint)
    }

    func signal(_ number: Int32) { process.signal(number) }

    func finish() throws -> Outcome {
      Outcome(
        status: process.finish(), output: try String(contentsOfFile: output, encoding: .utf8),
        complaint: try String(contentsOfFile: complaint, encoding: .utf8))
    }
  }
}

extension Program.Outcome {
  /// The document that `--json` printed.
  func json() throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return try #require(object as? [String: Any])
  }
}
