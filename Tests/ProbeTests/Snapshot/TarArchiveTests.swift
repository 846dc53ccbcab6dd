import Testing

@testable import Probe

@Suite struct TarArchiveTests {
  static let long = "/sys/" + String(repeating: "a/long/path/", count: 20) + "file"

  @Test("An archive is read as it was written")
  func readsWhatItWrites() {
    let files = ["/a": bytes("one"), "/b/c": [], Self.long: bytes(String(repeating: "x", count: 513))]
    #expect(TarArchive.files(in: TarArchive.archive(of: files)) == files)
  }

  @Test("An archive that was cut off is refused", arguments: [1, 511, 512, 700, 1535])
  func refusesArchivesThatWereCutOff(length: Int) {
    #expect(TarArchive.files(in: Array(TarArchive.archive(of: ["/a": bytes("one")]).prefix(length))) == nil)
  }

  /// A path that leaves the archive's own tree names nothing that a probe would read.
  @Test("Paths that climb are passed over")
  func passesOverPathsThatClimb() {
    #expect(TarArchive.files(in: TarArchive.archive(of: ["/../etc/passwd": [1], "/a": [2]])) == ["/a": [2]])
  }

  /// tar(5): hard link, symbolic link, character and block device, folder, FIFO.
  @Test("What is no file is passed over", arguments: ["1", "2", "3", "4", "5", "6"])
  func passesOverWhatIsNoFile(type: Unicode.Scalar) {
    var archive = TarArchive.archive(of: ["/a": [], "/b": [1]])
    let before = archive[156]
    archive[156] = UInt8(ascii: type)
    // The checksum in six octal digits: "0" has become the type.
    let sum = archive[148..<154].reduce(0) { $0 * 8 + Int($1 - UInt8(ascii: "0")) } + Int(archive[156]) - Int(before)
    let digits = String(sum, radix: 8)
    archive.replaceSubrange(148..<154, with: (String(repeating: "0", count: 6 - digits.count) + digits).utf8)
    #expect(TarArchive.files(in: archive) == ["/b": [1]])
  }

  @Test("Other bytes are refused")
  func refusesOtherBytes() {
    #expect(TarArchive.files(in: Array(repeating: 7, count: 4096)) == nil)
    #expect(TarArchive.files(in: []) == nil)
  }

  @Test("Headers that were changed are refused")
  func refusesHeadersThatWereChanged() {
    var archive = TarArchive.archive(of: ["/a": bytes("one")])
    archive[0] = UInt8(ascii: "b")
    #expect(TarArchive.files(in: archive) == nil)
  }
}
