internal import AdvisorCore
private import FoundationEssentials
private import Glibc

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
    let whole = realpath(parent, nil).map { path in
      defer { free(path) }
      return String(cString: path)
    }
    var name = Array("\(whole ?? parent)/\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw Self.failure(parent, advice) }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    self.prefix = prefix
    // Locked before it has its name: nobody finds it without its owner.
    guard let file = Descriptor(opening: "\(path)/.owner", O_WRONLY | O_CREAT | O_EXCL, mode: 0o600),
      flock(file.number, LOCK_EX | LOCK_NB) == 0, rename("\(path)/.owner", "\(path)/owner") == 0
    else { throw Self.failure(path, advice) }
    lock = file
  }

  private static func failure(_ path: String, _ advice: String) -> AdvisorError {
    AdvisorError(
      .cannotWrite, "cannot make a folder in \(path): \(String(cString: strerror(errno)))", advice: advice)
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
      guard let file = Descriptor(opening: "\(folder)/owner", O_WRONLY | O_NOFOLLOW),
        flock(file.number, LOCK_EX | LOCK_NB) == 0
      else { return nil }
      let word = body(folder, other)
      try? FileManager.default.removeItem(atPath: folder)
      return word
    }
  }
}
