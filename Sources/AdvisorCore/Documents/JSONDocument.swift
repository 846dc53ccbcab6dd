public import FoundationEssentials

/// One JSON document: what `--json` prints and what files hold.
public enum JSONDocument {
  /// Keys sorted, so that two documents can be compared line by line.
  ///
  /// - Throws: ``AdvisorError`` where the value holds a number that JSON cannot: an infinity or NaN.
  public static func text(of value: some Encodable) throws(AdvisorError) -> String {
    String(decoding: try data(of: value), as: UTF8.self)
  }

  public static func data(of value: some Encodable) throws(AdvisorError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(value) + [UInt8(ascii: "\n")]
    } catch {
      throw AdvisorError(
        .badData, "the result cannot be written as JSON: \(error)", advice: "please report this with the command line")
    }
  }

  /// Writes the document to a file, whole or not at all.
  public static func write(_ value: some Encodable, to path: String) throws(AdvisorError) {
    try AtomicFile.write(Array(data(of: value)), to: path)
  }

  /// Reads a document from a file.
  ///
  /// - Throws: ``AdvisorError`` that names the file, and the key at fault where there is one.
  public static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws(AdvisorError) -> Value {
    try decode(type, from: contents(of: path), of: path)
  }

  /// Reads a document from what its file held: for whoever must look at it twice.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, of path: String
  ) throws(AdvisorError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw AdvisorError(
        .badData, "\(path) is not the document that was expected: \(DecodingFault(error))",
        advice: "make it anew, or name another file")
    }
  }

  /// - Throws: ``AdvisorError`` that says why the file cannot be read.
  public static func contents(of path: String) throws(AdvisorError) -> Data {
    do {
      return try Data(contentsOf: URL(filePath: path))
    } catch {
      throw AdvisorError(
        .badData, "cannot read \(path): \(reason(of: error))", advice: "check that the file is there and readable")
    }
  }

  private static func reason(of error: any Error) -> String {
    guard let error = error as? CocoaError else { return "\(error)" }
    return switch error.code {
    case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file"
    case .fileReadNoPermission: "permission denied"
    default: "it could not be read (code \(error.code.rawValue))"
    }
  }
}
