internal import AdvisorCore
private import System
internal import Transfer
private import Workloads

/// Takes one attempt at a download into its part, and says afterwards what is wrong with it.
final class DownloadSink: TransferSink {
  enum Fault: Hashable {
    case tooLarge(limit: Int)
    /// The file cannot be written; nor, likely, can any other.
    case cannotWrite(errno: Int32)
    /// The server has sent another range than the one that was asked for.
    case wrongRange
    case wrongLength(expected: Int, got: Int)
    case wrongChecksum
  }

  /// Smaller bodies are not worth a record of where they are from: they start over.
  private static let minKept = 1 << 20
  /// Up to here a body waits in memory for its file, which another thread than the one that downloads makes.
  private static let maxInMemory = 64 << 10

  let download: Download
  private(set) var request: TransferRequest
  private(set) var fault: Fault?
  /// The part; nil until a body begins that is not held in memory.
  private(set) var part: PartFile?
  /// What has come of a body that is held in memory.
  private var body: [UInt8]?
  /// Bytes of the part, or of the body.
  private(set) var count = 0
  /// Those of them that have come in this attempt.
  private(set) var received = 0
  /// Bytes of the whole; nil where the server does not say.
  private(set) var total: Int?
  private let target: DownloadTarget
  private let maxBytes: Int
  private let flushes: Bool
  private var hash: SHA256?
  /// The bytes of an earlier attempt that this one goes on from.
  private var kept = 0

  init(_ download: Download, into target: DownloadTarget, maxBytes: Int?, flushes: Bool = true) {
    self.download = download
    self.target = target
    self.maxBytes = maxBytes ?? .max
    self.flushes = flushes
    request = TransferRequest(download.url)
    if download.sha256 != nil { hash = SHA256() }
    goOn()
  }

  /// Whether the server has sent what was asked for, or begun to.
  var hasBegun: Bool { part != nil || body != nil }

  /// Whether this attempt went on from an earlier one.
  var isResumed: Bool { kept > 0 }

  /// Prepares to ask for what is missing of a part that is there, where it is known what that is a part of.
  private func goOn() {
    guard let origin = target.origin(of: download.name), origin.identity == download.identity,
      let validator = origin.validator
    else { return }
    let opened = target.folder.openPart(of: download.name, keeping: true)
    guard opened >= 0 else { return }
    let end = OpenFile.seekToEnd(opened)
    guard end > 0, hash == nil || DownloadFolder.read(opened, { self.hash?.update($0) }) else {
      OpenFile.close(opened)
      return
    }
    part = PartFile(opened, size: end, flushes: flushes)
    (kept, count) = (end, end)
    request.offset = kept
    request.ifRange = validator
  }

  func begin(_ head: ResponseHead) -> Bool {
    switch head.status {
    case 206 where kept > 0:
      guard let range = ContentRange(head.contentRange), range.start == kept else {
        fault = .wrongRange
        return false
      }
      total = range.total
      part?.total = total
    case 206:
      fault = .wrongRange
      return false
    case 200..<300:
      total = head.contentLength
      startOver(head)
    default: return false
    }
    if let total, total > maxBytes { fault = .tooLarge(limit: maxBytes) }
    return fault == nil
  }

  private func startOver(_ head: ResponseHead) {
    let isSmall = head.contentLength.map { $0 < Self.minKept } ?? false
    (part, body, count) = (nil, nil, 0)
    if hash != nil { hash = SHA256() }
    if let total, total <= Self.maxInMemory, kept == 0, !target.hasPart(of: download.name) {
      body = []
      body?.reserveCapacity(total)
      return
    }
    let (opened, isUnnamed) = target.openPart(of: download.name, withoutName: isSmall)
    guard opened >= 0 else { return fail(-opened) }
    part = PartFile(opened, isUnnamed: isUnnamed, total: total, flushes: flushes)
    if kept > 0 { target.removeOrigin(of: download.name) }
    kept = 0
    let origin = DownloadOrigin(download.identity, head)
    guard origin.validator != nil, !isSmall else { return }
    fail(target.write(origin, of: download.name))
  }

  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count <= maxBytes - count else {
      fault = .tooLarge(limit: maxBytes)
      return false
    }
    if body != nil {
      body?.append(contentsOf: bytes)
    } else {
      fail(part?.add(bytes) ?? Errno.badFileDescriptor.code)
    }
    guard fault == nil else { return false }
    count += bytes.count
    received += bytes.count
    target.received += bytes.count
    hash?.update(bytes)
    return true
  }

  /// Hands over what has arrived.
  func take() -> FileFinisher.Content {
    body.map { .body($0) } ?? .part(descriptor: part?.take() ?? -1, isUnnamed: part?.isUnnamed == true)
  }

  private func fail(_ code: Int32) {
    guard code != 0 else { return }
    fault = .cannotWrite(errno: code)
  }

  /// Checks what has arrived, after a transfer that libcurl found no fault in.
  func check() {
    if let part { fail(part.settle()) }
    guard fault == nil else { return }
    if let total, total != count {
      fault = .wrongLength(expected: total, got: count)
    } else if let hash, hash.digest() != download.sha256 {
      fault = .wrongChecksum
    }
  }
}

/// What an earlier run has left of a download.
enum FormerFile {
  /// Nothing, or nothing that is known to be of this URL.
  case missing
  case whole
  /// Somebody has changed it since it arrived.
  case changed
}

/// The folder of a run, and the bytes that have come into it: what all its sinks share.
final class DownloadTarget {
  let folder: DownloadFolder
  let record: DownloadRecord
  var received = 0
  /// Files of which a part is there, and of which it is known where that is from: the disk is not asked for each of
  /// thousands.
  private var parts: Set<String>
  private var origins: Set<String>
  /// What was there when the run began.
  private let names: Set<String>

  init(_ folder: consuming DownloadFolder) throws(AdvisorError) {
    (names, parts, origins) = folder.names()
    record = try DownloadRecord(in: folder)
    self.folder = folder
  }

  /// What is there of a download that an earlier run may have done.
  func formerFile(of download: Download) throws(AdvisorError) -> FormerFile {
    guard let bytes = folder.bytes(of: download.name) else { return .missing }
    if let sha256 = download.sha256 {
      guard folder.has(download.name, sha256: sha256) else { return .missing }
      try record.prepare(for: download)
      try record.add([(download, bytes)])
      return .whole
    }
    guard let arrived = record.bytes(of: download) else { return .missing }
    return arrived == bytes ? .whole : .changed
  }

  /// Whether a folder has the name, which no file can take; one that comes later is found when the file is named.
  func hasFolder(_ name: String) -> Bool { names.contains(name) && folder.hasFolder(name) }

  func hasPart(of name: String) -> Bool { parts.contains(name) }

  /// Opens an empty part. Returns the descriptor, or -errno, and whether it has no name.
  ///
  /// - Parameter withoutName: whether it need not outlive this process; then it is spared a name that it has but for a
  ///   moment.
  func openPart(of name: String, withoutName: Bool) -> (descriptor: Int32, isUnnamed: Bool) {
    if withoutName, !parts.contains(name), let descriptor = folder.openUnnamed() { return (descriptor, true) }
    parts.insert(name)
    return (folder.openPart(of: name, keeping: false), false)
  }

  func origin(of name: String) -> DownloadOrigin? { origins.contains(name) ? folder.origin(of: name) : nil }

  /// Keeps where a part is from. Returns 0 or the errno.
  func write(_ origin: DownloadOrigin, of name: String) -> Int32 {
    origins.insert(name)
    return folder.write(origin, of: name)
  }

  func removeOrigin(of name: String) { if origins.remove(name) != nil { folder.removeOrigin(of: name) } }

  func removePart(of name: String) {
    folder.removePart(of: name)
    removeOrigin(of: name)
  }
}

/// What a `Content-Range` says (RFC 9110, 14.4): `bytes 100-199/200`, or `/*` where the whole is not known.
struct ContentRange: Hashable {
  var start: Int
  var total: Int?

  init?(_ text: String?) {
    guard let text, text.lowercased().hasPrefix("bytes ") else { return nil }
    let parts = text.dropFirst(6).split(separator: "/")
    guard parts.count == 2, let start = Int(parts[0].prefix { $0 != "-" }), start >= 0 else { return nil }
    self.start = start
    total = parts[1] == "*" ? nil : Int(parts[1])
    if parts[1] != "*", total == nil { return nil }
  }
}
