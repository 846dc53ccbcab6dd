import Foundation

/// What a program printed, and how it ended.
public struct ProgramRun {
  public var status: Int32
  public var output: [UInt8]

  public var text: String { String(decoding: output, as: UTF8.self) }

  /// Runs a program to its end; what it complains about is not kept.
  ///
  /// - Parameters:
  ///   - words: the program, by path or by name, and its arguments.
  ///   - environment: nil for that of the tests.
  public init(_ words: [String], environment: [String: String]? = nil) throws {
    let (process, pipe) = (Process(), Foundation.Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.environment = environment
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    output = [UInt8](try pipe.fileHandleForReading.readToEnd() ?? Data())
    process.waitUntilExit()
    status = process.terminationStatus
  }
}
