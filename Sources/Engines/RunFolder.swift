internal import AdvisorCore
private import FoundationEssentials
internal import System

/// A folder of a run's own, which ends with it.
///
/// Its owner holds a lock on a file in it for as long as it lives. A folder of this user's whose lock can be had is that of a
/// run which was killed: the next run removes it.
final class RunFolder {
  let path: String
  private let prefix: String
  private let lock: Descriptor

  /// - Parameters:
  ///   - parent: the folder that it is to be in.
  ///   - prefix: of its name, by which those of the dead are found again.
  ///   - advice: what to do where it cannot be made.
  init(in parent: String, prefix: String, advice: String) throws(AdvisorError) {
    self.prefix = prefix
    do throws(WriteFault) {
      path = try ScratchFolder.make(in: parent, prefix: prefix)
      lock = try Self.lock(path)
    } catch {
      throw AdvisorError(.cannotWrite, "cannot make a folder in \(parent): \(error.reason)", advice: advice)
    }
  }

  /// Locked before it has its name: nobody finds the folder without its owner.
  private static func lock(_ path: String) throws(WriteFault) -> Descriptor {
    let entry = FolderEntry(path: "\(path)/.owner")
    let file = try entry.create(mode: 0o600)
    guard OpenFile.lock(file.number), entry.rename(to: "\(path)/owner") == 0 else { throw WriteFault(.last) }
    return file
  }

  /// Its last part.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Removes what runs that were killed have left beside it.
  ///
  /// - Parameter body: told each folder's path before that, while nobody else has it.
  /// - Returns: what the body says of each.
  @discardableResult
  func removeThoseOfTheDead<Word>(_ body: (_ folder: String, _ name: String) -> Word) -> [Word] {
    let parent = String(path.dropLast(name.count))
    let all = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    return all.filter { $0.hasPrefix(prefix) && $0 != name }.sorted().compactMap { other in
      let folder = parent + other
      // Others may put what they like into a folder that all can write to.
      guard let status = FileStatus(path: folder, following: false), status.isFolder,
        status.owner == OwnProcess.effectiveUser
      else { return nil }
      guard let file = Descriptor(opening: "\(folder)/owner", [.writing, .notFollowing]),
        OpenFile.lock(file.number)
      else { return nil }
      let word = body(folder, other)
      try? FileManager.default.removeItem(atPath: folder)
      return word
    }
  }
}
