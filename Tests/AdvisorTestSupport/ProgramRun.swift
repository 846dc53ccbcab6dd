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
    let printed = try TemporaryFile()
    status = try StartedProgram(words, environment: environment, output: printed.path).finish()
    output = printed.bytes
  }
}
