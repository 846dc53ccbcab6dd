internal import AdvisorCore
internal import System

/// From which URL each file of a folder came, in a file beside them: its name does not tell, since lists grow and are put
/// in another order.
///
/// A line says `file IDENTITY BYTES NAME` when a file has got its name, and `gone NAME` before another takes its place.
/// What was killed between leaves a file that nothing is known of, which comes again.
final class DownloadRecord {
  static let fileName = ".advisor-downloads"

  private struct Entry {
    var identity: String
    var bytes: Int
  }

  private let path: String
  private var file: RecordFile?
  private var entries: [String: Entry] = [:]
  /// Files that a URL has or had, and the parts that are there of some.
  private var names: [String: [String]] = [:]
  private var parts: Set<String> = []

  /// Reads what is known of the folder; nothing is made in it.
  ///
  /// - Throws: `AdvisorError` (badData) for a record that is none, or that another user has written.
  init(in folder: borrowing DownloadFolder) throws(AdvisorError) {
    path = folder.path(of: Self.fileName)
    for line in try Self.text(in: folder).split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 3).map { String(decoding: $0, as: UTF8.self) }
      if words.count == 4, words[0] == "file", let bytes = Int(words[2]) {
        entries[words[3]] = Entry(identity: words[1], bytes: bytes)
      } else if words.first == "gone" {
        entries[String(decoding: line.dropFirst(5), as: UTF8.self)] = nil
      }
    }
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) { names[entry.identity, default: []].append(name) }
    for name in folder.names().origins.subtracting(entries.keys).sorted() {
      guard let origin = folder.origin(of: name) else { continue }
      names[origin.identity, default: []].append(name)
      parts.insert(name)
    }
  }

  /// The names of the files that the URL has or had here.
  func names(of identity: String) -> [String] { names[identity] ?? [] }

  /// Whether the name is or was that of some URL's file.
  func knows(_ name: String) -> Bool {
    parts.contains(name) || DownloadFolder.names(of: name).contains { entries[$0] != nil }
  }

  /// How many bytes came from the URL as this file; nil where none did.
  func bytes(of download: Download) -> Int? {
    entries[download.name].flatMap { $0.identity == download.identity ? $0.bytes : nil }
  }

  /// The downloads' files, each of its size in bytes, have their names.
  func add(_ files: [(download: Download, bytes: Int)]) throws(AdvisorError) {
    let new = files.filter { bytes(of: $0.download) != $0.bytes }
    guard !new.isEmpty else { return }
    for file in new { entries[file.download.name] = Entry(identity: file.download.identity, bytes: file.bytes) }
    try write(
      new.map { "file \($0.download.identity) \($0.bytes) \($0.download.name)" }.joined(separator: "\n"))
  }

  /// The download's file is about to take the place of another's.
  func prepare(for download: Download) throws(AdvisorError) {
    guard entries[download.name] != nil, bytes(of: download) == nil else { return }
    entries[download.name] = nil
    try write("gone \(download.name)")
  }

  private func write(_ line: String) throws(AdvisorError) {
    if file == nil { file = try open() }
    try file?.add(line.utf8)
  }

  private func open() throws(AdvisorError) -> RecordFile {
    let file = try RecordFile(
      path: path, isRecord: { line, _ in Self.isRecord(line) }, foreign: Self.foreign, advice: DownloadFolder.makeRoom)
    // Cuts off what was half written.
    try file.readLines { _ in }
    return file
  }

  private static func isRecord(_ line: ArraySlice<UInt8>) -> Bool {
    ["file ", "gone "].contains { line.starts(with: $0.utf8) || $0.utf8.starts(with: line) }
  }

  private static func foreign(_ path: String) -> AdvisorError {
    AdvisorError(
      .badData, "“\(path.printable)” is no record of downloads that this user has made, and is left as it is",
      advice: "remove it, or name another folder with --into")
  }

  /// Some millions of files.
  private static let maxBytes = 1 << 30

  /// The lines that are whole.
  private static func text(in folder: borrowing DownloadFolder) throws(AdvisorError) -> ArraySlice<UInt8> {
    let entry = FolderEntry(fileName, in: folder.descriptor)
    guard let status = entry.status else {
      guard Errno.last != .noSuchFileOrDirectory else { return [] }
      throw foreign(folder.path(of: fileName))
    }
    // Where others may write too, theirs is not believed.
    guard status.isFile, let file = try? entry.open(.reading), let bytes = file.readAll(atMost: maxBytes),
      isRecord(bytes.prefix(5))
    else { throw foreign(folder.path(of: fileName)) }
    return bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[...$0] } ?? []
  }
}
