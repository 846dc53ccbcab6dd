internal import AdvisorCore
private import Workloads
internal import System

/// The folder that files are downloaded into, kept open, by one run at a time: every name is looked up in it, and no
/// symbolic link is followed.
///
/// A file that has not arrived wholly is called `NAME.part`; `NAME.part.from` beside it says where it is from.
struct DownloadFolder: ~Copyable {
  let path: String
  private let folder: Descriptor
  /// Whether files without a name can be made here, and be given one later.
  let takesUnnamed: Bool

  /// Opens the folder, and makes it where it is missing.
  ///
  /// - Throws: `AdvisorError` (cannotWrite).
  static func open(_ path: String) throws(AdvisorError) -> DownloadFolder {
    let folder: Descriptor
    do { folder = try ResolvedPath.folder(path) } catch {
      throw failure("cannot open the folder “\(path.printable)”", error)
    }
    guard FileAccess.canWrite(".", in: folder.number) else {
      throw failure("cannot write in the folder “\(path.printable)”", WriteFault(.last))
    }
    guard OpenFile.lock(folder.number) else {
      throw AdvisorError(
        .temporary, "another run is downloading into “\(path.printable)”", advice: "wait for it, or name another folder"
      )
    }
    return DownloadFolder(path: path, folder)
  }

  /// Opens the folder to look into it only, as another run may at the same time; nil where that cannot be done.
  static func look(at path: String) -> DownloadFolder? {
    guard let folder = Descriptor(opening: path, .folder) else { return nil }
    return DownloadFolder(path: path, folder)
  }

  private init(path: String, _ folder: consuming Descriptor) {
    self.path = path
    takesUnnamed = Descriptor(unnamedIn: folder.number, mode: Self.mode) != nil
    self.folder = folder
  }

  var descriptor: Int32 { folder.number }

  /// All the files that a download may make.
  static func names(of name: String) -> [String] { [name, part(of: name), origin(of: name)] }
  static func part(of name: String) -> String { "\(name).part" }
  private static func origin(of name: String) -> String { "\(name).part.from" }

  /// The name of the file of which this is the part, or tells where that is from; nil for another.
  static func stem(of name: String) -> String? {
    for ending in [part(of: ""), origin(of: "")] where name.hasSuffix(ending) {
      return String(name.dropLast(ending.count))
    }
    return nil
  }

  func path(of name: String) -> String { Self.path(of: name, in: path) }

  static func path(of name: String, in folder: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// Opens the part of a file, empty unless `keeping` what is there. Returns the descriptor, or -errno.
  func openPart(of name: String, keeping: Bool) -> Int32 { Self.openPart(of: name, in: descriptor, keeping: keeping) }

  static func openPart(of name: String, in folder: Int32, keeping: Bool) -> Int32 {
    let entry = FolderEntry(part(of: name), in: folder)
    // A user's own link has a purpose that is not known here.
    guard entry.status?.isLink != true else { return -Errno.tooManySymbolicLinks.code }
    do throws(WriteFault) {
      let file = keeping ? try entry.open(.readingAndWriting) : try entry.recreate(mode: mode)
      return file.status?.isFile == true ? file.release() : -Errno.fileExists.code
    } catch {
      return -error.code
    }
  }

  /// Of the files that are downloaded, less the umask.
  private static let mode: UInt32 = 0o644

  /// Opens an empty file that has no name. Returns nil where there is no such thing.
  func openUnnamed() -> Int32? { takesUnnamed ? Self.openUnnamed(in: descriptor) : nil }

  /// The same, in the folder of that descriptor.
  static func openUnnamed(in folder: Int32) -> Int32? {
    Descriptor(unnamedIn: folder, mode: mode)?.release()
  }

  /// Opens a file in the folder that is no symbolic link, for reading and without waiting for a writer; nil where
  /// that fails, and `errno` says why.
  func open(_ name: String) -> Descriptor? {
    Descriptor(opening: name, in: descriptor, [.nonBlocking, .notFollowing])
  }

  func removePart(of name: String) { FolderEntry(Self.part(of: name), in: descriptor).remove() }

  func removeOrigin(of name: String) { FolderEntry(Self.origin(of: name), in: descriptor).remove() }

  /// All names, the files of which a part is there, and those of which its origin is.
  func names() -> (all: Set<String>, parts: Set<String>, origins: Set<String>) {
    let names = FolderEntry.names(in: descriptor) ?? []
    var parts: Set<String> = []
    var origins: Set<String> = []
    for file in names {
      guard let stem = Self.stem(of: file) else { continue }
      if file.hasSuffix(Self.part(of: "")) { parts.insert(stem) } else { origins.insert(stem) }
    }
    return (Set(names), parts, origins)
  }

  /// Where the part of a file is from; nil where there is none, or nothing that says so.
  func origin(of name: String) -> DownloadOrigin? {
    let entry = FolderEntry(Self.origin(of: name), in: descriptor)
    let bytes = (try? entry.open(.reading))?.readAll(atMost: 16 << 10)
    return bytes.flatMap { DownloadOrigin(text: String(decoding: $0, as: UTF8.self)) }
  }

  /// Keeps where the part of a file is from, for this user only. Returns 0 or the errno.
  func write(_ origin: DownloadOrigin, of name: String) -> Int32 {
    do throws(WriteFault) {
      return try FolderEntry(Self.origin(of: name), in: descriptor).recreate(mode: 0o600)
        .write(Array(origin.text.utf8))
    } catch {
      return error.code
    }
  }

  /// Whether a folder has the name, which no file can take.
  func hasFolder(_ name: String) -> Bool {
    FolderEntry(name, in: descriptor).status?.isFolder == true
  }

  /// The bytes of a file; nil where there is no such file.
  func bytes(of name: String) -> Int? {
    guard let status = FolderEntry(name, in: descriptor).status, status.isFile else { return nil }
    return status.bytes
  }

  /// Whether a file has that SHA-256.
  func has(_ name: String, sha256: [UInt8]) -> Bool {
    guard let file = open(name) else { return false }
    var hash = SHA256()
    return Self.read(file.number) { hash.update($0) } && hash.digest() == sha256
  }

  /// Hands on all that a file holds, from its start. False where it cannot be read.
  static func read(_ file: Int32, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { buffer in
      var offset = 0
      while true {
        let count = OpenFile.read(file, into: buffer, at: offset)
        guard count > 0 else { return count == 0 }
        body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        offset += count
      }
    }
  }

  static func failure(_ what: String, _ code: Int32) -> AdvisorError { failure(what, WriteFault(code)) }

  /// Whether no other file can be written either: of a disk that is full or broken, or a process that may open no more.
  static func endsRun(_ code: Int32) -> Bool {
    let endings: [Errno] = [
      .noSpace, .diskQuotaExceeded, .readOnlyFileSystem, .ioError, .staleFileHandle, .noMemory, .tooManyOpenFiles,
      .tooManyOpenFilesInSystem,
    ]
    return endings.contains(Errno(code))
  }

  /// Why one file cannot be written.
  static func unwritable(_ code: Int32) -> String {
    code == Errno.isDirectory.code ? "a folder has its name" : "it cannot be written: \(WriteFault(code).reason)"
  }

  static let makeRoom = "make room on its disk, then run the same again with --resume"

  private static func failure(_ what: String, _ fault: WriteFault) -> AdvisorError {
    let code = fault.code
    return AdvisorError(
      .cannotWrite, "\(what): \(fault.reason)",
      advice: [Errno.noSpace.code, Errno.diskQuotaExceeded.code].contains(code)
        ? makeRoom
        : "name a folder that you may write in: --into DIR")
  }
}
