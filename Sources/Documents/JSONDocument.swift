public import AdvisorCore
public import FoundationEssentials
import System

/// One JSON document: what `--json` prints and what files hold.
public enum JSONDocument {
  /// Keys sorted, so that two documents can be compared line by line.
  ///
  /// - Throws: ``AdvisorError`` where the value holds a number that JSON cannot: an infinity or NaN.
  public static func text(of value: some Encodable) throws(AdvisorError) -> String {
    String(decoding: try data(of: value), as: UTF8.self)
  }

  /// The same on one line, without its end: one of several documents that follow each other.
  public static func line(of value: some Encodable) throws(AdvisorError) -> String {
    String(decoding: try encoded(value, [.sortedKeys, .withoutEscapingSlashes]), as: UTF8.self)
  }

  public static func data(of value: some Encodable) throws(AdvisorError) -> Data {
    try encoded(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]) + [UInt8(ascii: "\n")]
  }

  private static func encoded(
    _ value: some Encodable, _ format: JSONEncoder.OutputFormatting
  ) throws(AdvisorError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = format
    do {
      return try escaped(encoder.encode(value))
    } catch {
      throw AdvisorError(
        .badData, "the result cannot be written as JSON: \(error)", advice: "please report this with the command line")
    }
  }

  /// The encoder escapes the control characters of ASCII only; others speak to terminals too.
  private static func escaped(_ document: Data) -> Data {
    guard document.contains(where: { $0 >= 0x7f }) else { return document }
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: document, as: UTF8.self).unicodeScalars {
      guard scalar.isControl, scalar.value >= 0x7f else {
        text.append(scalar)
        continue
      }
      text += "\\u\(String(scalar.value + 0x10000, radix: 16).dropFirst())".unicodeScalars
    }
    return Data(String(text).utf8)
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

  /// Far more than any document of ours, and than a machine can be hurt with: who names `/dev/zero` is told.
  public static let maxBytes = 64 << 20

  /// - Throws: ``AdvisorError`` that says why the file cannot be read, or that it is too large.
  public static func contents(of path: String, atMost most: Int = maxBytes) throws(AdvisorError) -> Data {
    guard let file = Descriptor(opening: path), let bytes = file.readAll(atMost: most) else {
      throw unreadable(path, .last, most)
    }
    return Data(bytes)
  }

  private static func unreadable(_ path: String, _ code: Errno, _ most: Int) -> AdvisorError {
    let advice =
      switch code {
      case .noSuchFileOrDirectory: "check its spelling, and the folder that you are in"
      case .permissionDenied: "read it as its owner, or: chmod +r \(path)"
      case .isDirectory: "name a file in it"
      default: "check that it is the file that you mean"
      }
    return AdvisorError(.badData, "cannot read \(path): \(reason(code, most))", advice: advice)
  }

  private static func reason(_ code: Errno, _ most: Int) -> String {
    switch code {
    case .noSuchFileOrDirectory: "there is no such file"
    case .permissionDenied: "permission denied"
    case .fileTooLarge: "it is longer than \(Quantity.text(bytes: Double(most)))"
    default: code.text
    }
  }
}
