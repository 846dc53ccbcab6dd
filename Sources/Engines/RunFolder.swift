internal import AdvisorCore
private import FoundationEssentials
private import Glibc
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
    let file = try FolderEntry("\(path)/.owner", in: AT_FDCWD).create(mode: 0o600)
    guard flock(file.number, LOCK_EX | LOCK_NB) == 0, rename("\(path)/.owner", "\(path)/owner") == 0 else {
      throw WriteFault(errno)
    }
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
      var status = stat()
      // Others may put what they like into a folder that all can write to.
      guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
        return nil
      }
      guard let file = Descriptor(opening: "\(folder)/owner", [.writing, .notFollowing]),
        flock(file.number, LOCK_EX | LOCK_NB) == 0
      else { return nil }
      let word = body(folder, other)
      try? FileManager.default.removeItem(atPath: folder)
      return word
    }
  }
}
