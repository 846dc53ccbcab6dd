import FoundationEssentials

/// A folder that lives as long as this value.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "advisor-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// What is in it, in the order of the alphabet.
  public var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  /// The bytes of a file in it; none where there is no such file.
  public func contents(of name: String) -> [UInt8] {
    Array(FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data())
  }

  /// Writes a file, with the folders on the way to it, and returns its path.
  @discardableResult public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    let folder = file.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  /// Writes a file as ``write(_:_:)-(_,[UInt8])`` does.
  @discardableResult public func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }
}

/// A file that lives as long as this value.
public final class TemporaryFile {
  public let path: String
  private let folder: TemporaryFolder

  public init(_ text: String = "") throws {
    folder = try TemporaryFolder()
    path = try folder.write("file", text)
  }

  public var bytes: [UInt8] { folder.contents(of: "file") }
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}
