internal import AdvisorCore
internal import System

/// A file with all its bytes that has not got its name yet.
final class StoredFile {
  private let finalName: String
  private let descriptor: Int32
  private let isUnnamed: Bool
  private var fault: Int32 = 0

  init(_ name: String, _ content: FileFinisher.Content, in folder: Int32, unnamed: Bool) {
    finalName = name
    switch content {
    case .part(let descriptor, let isUnnamed): (self.descriptor, self.isUnnamed) = (descriptor, isUnnamed)
    case .body(let bytes):
      let unnamed = unnamed ? DownloadFolder.openUnnamed(in: folder) : nil
      isUnnamed = unnamed != nil
      descriptor = unnamed ?? DownloadFolder.openPart(of: name, in: folder, keeping: false)
      fault = descriptor < 0 ? -descriptor : bytes.withUnsafeBytes { FileWriting.writeAll($0, to: descriptor) }
    }
  }

  func flush() { if fault == 0 { fault = OpenFile.sync(descriptor) } }

  /// Names the file, unless something has gone wrong with it before, and closes it. Returns 0 or the errno.
  func end(in folder: Int32) -> Int32 {
    let code = fault == 0 ? name(in: folder) : fault
    let closing = descriptor >= 0 ? OpenFile.close(descriptor) : 0
    return code == 0 ? closing : code
  }

  /// In place of what had the name before.
  private func name(in folder: Int32) -> Int32 {
    let part = FolderEntry(DownloadFolder.part(of: finalName), in: folder)
    if isUnnamed {
      if FolderEntry(finalName, in: folder).link(descriptor) == 0 { return 0 }
      // The name is taken: only a rename takes it over at once.
      let code = part.link(descriptor)
      guard code == 0 else { return code }
    }
    return part.rename(to: finalName)
  }
}
