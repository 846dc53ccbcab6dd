import AdvisorCore
import AdvisorTestSupport
import Testing
@testable import Downloads

@Suite struct DownloadListTests {
  private func names(_ lines: String...) throws -> [String] {
    try DownloadList(text: lines.joined(separator: "\n"), from: "a list").downloads.map(\.name)
  }

  @Test("Blank lines and comments are passed over, and line ends may be DOS's")
  func blankLines() throws {
    let list = try DownloadList(text: "# a comment\r\n\r\n  http://a/x  \r\nHTTPS://b/Y\n", from: "a list")
    #expect(list.downloads.map(\.url) == ["http://a/x", "https://b/Y"])
  }

  @Test("A line may say the checksum and the name")
  func options() throws {
    let hex = String(repeating: "0aF9", count: 16)
    let list = try DownloadList(text: "http://a/x sha256=\(hex)\tout=b%20c.txt", from: "a list")
    #expect(list.downloads.first?.name == "b c.txt")
    #expect(list.downloads.first?.sha256 == Array(repeating: [0x0a, 0xf9], count: 16).flatMap(\.self))
  }

  @Test(
    "A line that makes no sense is named with its number",
    arguments: [
      ("ftp://a/x", "no http or https URL"), ("file:///etc/passwd", "no http"), ("http://", "no http"),
      ("x", "no http"),
      ("http:///x", "no http"), ("http://a/x sha256=12", "64 hexadecimal digits"), ("http://a/x md5=1", "neither"),
      ("http://a/x out=../y", "no file name"), ("http://a/x out=%2e%2E", "no file name"),
      ("http://a/x out=/etc/x", "no file"),
      ("http://a/x out=a%2Fb", "no file name"), ("http://a/x out=a%00b", "no file name"),
      ("http://a/x out=", "no file name"),
      ("http://a/x out=.", "no file name"), ("http://a/x\u{7}", "no http"),
    ])
  func senseless(line: String, word: String) {
    let error = #expect(throws: AdvisorError.self) { try names("# first", line) }
    #expect(error?.code == .badData)
    #expect(
      error?.problem.contains("line 2 of a list") == true && error?.problem.contains(word) == true, "\(error as Any)")
  }

  @Test(
    "A file is called what its URL's path ends in, and never leads out of the folder",
    arguments: [
      ("http://a/x/y.txt?q=/z#/w", "y.txt"), ("http://a/", "index.html"), ("http://a", "index.html"),
      ("http://a?x=y", "index.html"), ("http://a/b/", "index.html"), ("http://a/b%20c", "b c"),
      ("http://a/100%", "100%"),
      ("http://a/%zz", "%zz"), ("http://a/..", "index.html"), ("http://a/%2e%2e", "index.html"),
      ("http://a/.", "index.html"),
      ("http://a/%2e%2e%2f%2e%2e%2fetc%2fpasswd", ".._.._etc_passwd"), ("http://a/x%00y", "x_y"),
      ("http://a/x%0ay", "x_y"),
      ("http://a/%2Fetc%2Fpasswd", "_etc_passwd"), ("http://a/../../etc/passwd", "passwd"), ("http://a/%C3%A4", "ä"),
    ])
  func namesOfURLs(url: String, name: String) throws {
    #expect(try names(url) == [name])
  }

  @Test("A name fits the file system with the ending of its part")
  func lengthOfNames() throws {
    let name = try #require(try names("http://a/\(String(repeating: "ä", count: 200))").first)
    // NAME_MAX of Linux is 255 bytes.
    #expect("\(name).part.from".utf8.count <= 255 && name.utf8.count > 200)
  }

  @Test(
    "A name that is too long loses of its stem, not of its extension",
    arguments: [
      ("", "n", 300, ".tar.gz", 233), ("", "n", 239, ".csv", 236), ("n.", "x", 300, "", 240),
      ("e", "%CC%81", 200, ".txt", 235),
    ])
  func longNames(start: String, part: String, count: Int, ending: String, stem: Int) throws {
    let path = start + String(repeating: part, count: count) + ending
    let name = try #require(try names("http://a/\(path)").first)
    #expect(name.hasSuffix(ending.isEmpty ? part : ending) && name.utf8.count == stem + ending.utf8.count)
  }

  @Test(
    "A number goes before the whole extension",
    arguments: [
      ("f.tar.gz", "f-2.tar.gz"), ("f.csv.zst", "f-2.csv.zst"), ("f.tar.gz.sha256", "f-2.tar.gz.sha256"),
      ("f.gz", "f-2.gz"),
      ("f.2024.gz", "f.2024-2.gz"), ("v1.2", "v1-2.2"), (".profile", ".profile-2"), ("README", "README-2"),
      ("a.b.txt", "a.b-2.txt"), ("f.TAR.GZ", "f-2.TAR.GZ"),
    ])
  func numbering(name: String, second: String) throws {
    #expect(try names("http://a/\(name)", "http://b/\(name)") == [name, second])
  }

  @Test("Thousands of files may be called the same by their URLs")
  func manyOfOneName() throws {
    let text = (0..<4000).map { "http://a/\($0)/x.txt" }.joined(separator: "\n")
    let names = try DownloadList(text: text, from: "a list").downloads.map(\.name)
    #expect(Set(names).count == 4000 && names.last == "x-4000.txt")
  }

  @Test("A mark of the byte order is no part of a URL, where files were joined neither")
  func byteOrderMark() throws {
    let list = try DownloadList(text: "\u{feff}http://a/x\r\n\u{feff}# joined\n\u{feff}http://a/y", from: "a list")
    #expect(list.downloads.map(\.url) == ["http://a/x", "http://a/y"])
  }

  @Test("No file is called as the record of the folder is")
  func nameOfTheRecord() throws {
    #expect(try names("http://a/.advisor-downloads") == [".advisor-downloads-2"])
    #expect(throws: AdvisorError.self) { try names("http://a/x out=.advisor-downloads") }
  }

  @Test(
    "What is wrong with a line is told without the secrets in it",
    arguments: ["htp://ann:s3cret@h/x", "http://h/x ann:s3cret@h", "http://h/x sha256=http://a:s3cret@h"])
  func secrets(line: String) {
    let error = #expect(throws: AdvisorError.self) { try names(line) }
    #expect(error?.problem.contains("s3cret") == false)
  }

  @Test("Files of one name get numbers, in the order of the list")
  func sameNames() throws {
    #expect(
      try names("http://a/x.txt", "http://b/x.txt", "http://c/x.txt", "http://a/y", "http://b/y")
        == ["x.txt", "x-2.txt", "x-3.txt", "y", "y-2"])
    // What one file is called while it arrives is no name for another.
    #expect(try names("http://a/x", "http://a/x.part", "http://a/x.part.from") == ["x", "x-2.part", "x.part-2.from"])
    #expect(try names("http://a/x", "http://b/z out=x") == ["x-2", "x"])
  }

  @Test("The same line twice is one download")
  func sameLine() throws {
    #expect(try names("http://a/x", "http://a/x").count == 1)
    #expect(try names("http://a/x out=z", "http://a/x out=z") == ["z"])
  }

  @Test("Two files cannot be given one name")
  func sameChosenName() {
    let error = #expect(throws: AdvisorError.self) { try names("http://a/x out=z", "http://a/y out=z") }
    #expect(error?.problem.contains("lines 1 and 2") == true)
  }
}

@Suite struct ContentRangeTests {
  // RFC 9110, 14.4.
  @Test("A range has a start and a whole")
  func range() {
    #expect(ContentRange("bytes 42-1233/1234").map { [$0.start, $0.total] } == [42, 1234])
    #expect(ContentRange("bytes 42-1233/*").map { [$0.start, $0.total] } == [42, nil])
  }

  @Test(
    "What is no range is none",
    arguments: [nil, "", "bytes */1234", "bytes 1-2", "lines 1-2/3", "bytes -1-2/3", "bytes 1-2/x"])
  func noRange(text: String?) { #expect(ContentRange(text) == nil) }
}
