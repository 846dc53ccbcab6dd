import FoundationEssentials
import Glibc
import Testing

@testable import AdvisorCore
@testable import System

/// A folder of root's with a file that must stay as it is, and one that others may write in.
private struct Hostile {
  static let nobody: uid_t = 65534
  let folder: String
  var shared: String { "\(folder)/shared" }
  var victim: String { "\(folder)/victim" }

  init(mode: mode_t = 0o1777, owner: uid_t = 0) throws {
    folder = try ScratchFolder.make(in: "/tmp", prefix: "advisor-test-")
    mkdir(shared, 0o700)
    try Data("precious".utf8).write(to: URL(filePath: victim))
    chown(shared, owner, owner)
    chmod(shared, mode)
  }

  /// Puts something into the shared folder and gives it to a user.
  func plant(_ what: Plant, owner: uid_t = nobody) -> String {
    let path = "\(shared)/entry"
    switch what {
    case .link: symlink(victim, path)
    case .danglingLink: symlink("\(folder)/absent", path)
    case .linkToFolder: symlink(folder, path)
    case .linkToDevice: symlink("/dev/full", path)
    case .hardLink: link(victim, path)
    case .pipe: mkfifo(path, 0o666)
    case .file: close(open(path, O_CREAT | O_WRONLY, 0o666))
    }
    if what != .hardLink { lchown(path, owner, owner) }
    return path
  }

  var isUnharmed: Bool {
    (try? String(contentsOfFile: victim, encoding: .utf8)) == "precious"
      && (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) == ["shared", "victim"]
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }
}

enum Plant: CaseIterable { case link, danglingLink, linkToFolder, linkToDevice, hardLink, pipe, file }

/// The rules are those of `fs.protected_symlinks`, `protected_regular`, `protected_fifos` and `protected_hardlinks`
/// (proc_sys_fs(5)), which this machine may have switched off.
@Suite("Files in folders that others may write in", .enabled(if: geteuid() == 0)) struct SharedFolderTests {
  @Test("What another user has put there is not appended to", arguments: Plant.allCases, [0o1777, 0o777, 0o1770])
  func append(_ what: Plant, mode: Int) throws {
    let hostile = try Hostile(mode: mode_t(mode))
    defer { hostile.remove() }
    let path = hostile.plant(what)
    #expect(throws: WriteFault.planted) { try ResolvedPath.append(to: path).number }
    #expect(hostile.isUnharmed)
  }

  @Test(
    "What another user has put there is replaced, and what it leads to is not written to", arguments: Plant.allCases)
  func replace(_ what: Plant) throws {
    let hostile = try Hostile()
    defer { hostile.remove() }
    let path = hostile.plant(what)
    try AtomicFile.write(Array("ours".utf8), to: path)
    #expect(hostile.isUnharmed)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeRegular)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "ours")
  }

  @Test("A link to a folder is not gone through, neither as the last part nor in the middle")
  func folders() throws {
    let hostile = try Hostile()
    defer { hostile.remove() }
    let path = hostile.plant(.linkToFolder)
    for below in ["", "/new", "/new/er"] {
      #expect(throws: WriteFault.planted) { try ResolvedPath.folder(path + below).number }
    }
    #expect(throws: WriteFault.planted) { try ResolvedPath.append(to: "\(path)/file").number }
    #expect(throws: AdvisorError.self) { try AtomicFile.write([1], to: "\(path)/file") }
    #expect(hostile.isUnharmed)
  }

  @Test("In another user's own folder their files can be written to, and their links are not followed")
  func foreignFolder() throws {
    for (what, isWritten) in [
      (Plant.file, true), (.link, false), (.danglingLink, false), (.hardLink, false), (.pipe, false),
    ] {
      let hostile = try Hostile(mode: 0o755, owner: Hostile.nobody)
      defer { hostile.remove() }
      let path = hostile.plant(what)
      #expect(((try? ResolvedPath.append(to: path).number) != nil) == isWritten, "\(what)")
      #expect(hostile.isUnharmed)
    }
  }

  @Test("In another user's own folder their links to folders are gone through, as a project's are")
  func foreignPassage() throws {
    let hostile = try Hostile(mode: 0o755, owner: Hostile.nobody)
    defer { hostile.remove() }
    let path = hostile.plant(.linkToFolder)
    #expect(try ResolvedPath.append(to: "\(path)/new").write([1]) == 0)
    #expect(FileManager.default.fileExists(atPath: "\(hostile.folder)/new"))
  }

  @Test("A user's own links, and whatever lies in a folder of their own, are theirs to use")
  func own() throws {
    for (mode, owner) in [(0o1777, uid_t(0)), (0o755, Hostile.nobody), (0o2775, Hostile.nobody), (0o700, 0)] {
      let hostile = try Hostile(mode: mode_t(mode))
      defer { hostile.remove() }
      let path = hostile.plant(.link, owner: owner)
      #expect(try ResolvedPath.append(to: path).write(Array("!".utf8)) == 0)
      #expect(try String(contentsOfFile: hostile.victim, encoding: .utf8) == "precious!")
      try AtomicFile.write(Array("new".utf8), to: path)
      #expect(try String(contentsOfFile: hostile.victim, encoding: .utf8) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == hostile.victim)
    }
  }

  @Test("A new file has the group of a folder that hands it on")
  func setgid() throws {
    let hostile = try Hostile(mode: 0o2775)
    defer { hostile.remove() }
    chown(hostile.shared, 0, Hostile.nobody)
    chmod(hostile.shared, 0o2775)
    let path = "\(hostile.shared)/file"
    try AtomicFile.write([1], to: path)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_gid == Hostile.nobody)
  }
}

@Suite("Paths") struct ResolvedPathTests {
  private let folder: String

  init() throws { folder = try ScratchFolder.make(in: "/tmp", prefix: "advisor-test-") }

  /// path_resolution(7).
  @Test(
    "Links that lead in circles, files in the middle and names that are missing are errors",
    arguments: [
      ("circle", ELOOP), ("circle/x", ELOOP), ("file/x", ENOTDIR), ("absent/x", ENOENT), ("", ENOENT), (".", EISDIR),
      ("new/", EISDIR),
    ])
  func faults(name: String, code: Int32) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    symlink("circle", "\(folder)/circle")
    close(open("\(folder)/file", O_CREAT | O_WRONLY, 0o600))
    let path = name.isEmpty ? "" : "\(folder)/\(name)"
    var found: Int32 = 0
    do throws(WriteFault) { _ = try ResolvedPath.append(to: path).number } catch { found = error.code }
    #expect(found == code || (name == "new/" && found == ENOENT), "\(String(cString: strerror(found)))")
  }

  @Test("Folders are made where they are missing, beyond links too")
  func folders() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    symlink("real/deep", "\(folder)/link")
    mkdir("\(folder)/real", 0o700)
    for path in ["a/b/c", "a/../a/./d/", "link/e", "link"] {
      #expect(try ResolvedPath.folder("\(folder)/\(path)", making: 0o700).status?.isFolder == true)
    }
    let made = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    #expect(made == ["a", "a/b", "a/b/c", "a/d", "link", "real", "real/deep", "real/deep/e"])
  }

  @Test(
    "What /dev/fd names is a descriptor of our own: it is written to, whatever it is open for",
    arguments: [true, false])
  func descriptors(atomic: Bool) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = open("\(folder)/file", O_CREAT | O_WRONLY, 0o600)
    defer { close(file) }
    let pipe = try System.Pipe()
    for number in [file, pipe.writing.number] {
      let path = "/dev/fd/\(number)"
      if atomic {
        try AtomicFile.write([UInt8(ascii: "x")], to: path)
      } else {
        #expect(try ResolvedPath.append(to: path).write([UInt8(ascii: "x")]) == 0)
      }
    }
    #expect(try String(contentsOfFile: "\(folder)/file", encoding: .utf8) == "x")
    var byte: UInt8 = 0
    #expect(read(pipe.reading.number, &byte, 1) == 1 && byte == UInt8(ascii: "x"))
  }

  @Test("A scratch folder is for its owner alone, whatever the umask")
  func scratch() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var status = stat()
    #expect(stat(folder, &status) == 0 && status.st_mode & 0o7777 == 0o700)
  }
}
