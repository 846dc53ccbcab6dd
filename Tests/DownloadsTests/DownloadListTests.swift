import AdvisorCore
import Testing
@testable import Downloads

@Suite struct DownloadListTests {
  private func names(_ lines: String...) throws -> [String] {
    try DownloadList(text: lines.joined(separator: "\n"), from: "a list").downloads.map(\.name)
  }

  @Test func `blank lines and comments are passed over, and line ends may be DOS's`() throws {
    let list = try DownloadList(text: "# a comment\r\n\r\n  http://a/x  \r\nHTTPS://b/Y\n", from: "a list")
    #expect(list.downloads.map(\.url) == ["http://a/x", "https://b/Y"])
  }

  @Test func `a line may say the checksum and the name`() throws {
    let hex = String(repeating: "0aF9", count: 16)
    let list = try DownloadList(text: "http://a/x sha256=\(hex)\tout=b%20c.txt", from: "a list")
    #expect(list.downloads.first?.name == "b c.txt")
    #expect(list.downloads.first?.sha256 == Array(repeating: [0x0a, 0xf9], count: 16).flatMap(\.self))
  }

  @Test(arguments: [
    ("ftp://a/x", "no http or https URL"), ("file:///etc/passwd", "no http"), ("http://", "no http"), ("x", "no http"),
    ("http:///x", "no http"), ("http://a/x sha256=12", "64 hexadecimal digits"), ("http://a/x md5=1", "neither"),
    ("http://a/x out=../y", "no file name"), ("http://a/x out=%2e%2E", "no file name"),
    ("http://a/x out=/etc/x", "no file"),
    ("http://a/x out=a%2Fb", "no file name"), ("http://a/x out=a%00b", "no file name"),
    ("http://a/x out=", "no file name"),
    ("http://a/x out=.", "no file name"), ("http://a/x\u{7}", "no http"),
  ])
  func `a line that makes no sense is named with its number`(line: String, word: String) {
    let error = #expect(throws: AdvisorError.self) { try names("# first", line) }
    #expect(error?.code == .badData)
    #expect(
      error?.problem.contains("line 2 of a list") == true && error?.problem.contains(word) == true, "\(error as Any)")
  }

  @Test(arguments: [
    ("http://a/x/y.txt?q=/z#/w", "y.txt"), ("http://a/", "index.html"), ("http://a", "index.html"),
    ("http://a?x=y", "index.html"), ("http://a/b/", "index.html"), ("http://a/b%20c", "b c"), ("http://a/100%", "100%"),
    ("http://a/%zz", "%zz"), ("http://a/..", "index.html"), ("http://a/%2e%2e", "index.html"),
    ("http://a/.", "index.html"),
    ("http://a/%2e%2e%2f%2e%2e%2fetc%2fpasswd", ".._.._etc_passwd"), ("http://a/x%00y", "x_y"),
    ("http://a/x%0ay", "x_y"),
    ("http://a/%2Fetc%2Fpasswd", "_etc_passwd"), ("http://a/../../etc/passwd", "passwd"), ("http://a/%C3%A4", "ä"),
  ])
  func `a file is called what its URL's path ends in, and never leads out of the folder`(url: String, name: String)
    throws
  {
    #expect(try names(url) == [name])
  }

  @Test func `a name fits the file system with the ending of its part`() throws {
    let name = try #require(try names("http://a/\(String(repeating: "ä", count: 200))").first)
    // NAME_MAX of Linux is 255 bytes.
    #expect("\(name).part.from".utf8.count <= 255 && name.utf8.count > 200)
  }

  @Test(arguments: [
    (String(repeating: "n", count: 300) + ".tar.gz", 233, ".tar.gz"),
    (String(repeating: "n", count: 239) + ".csv", 236, ".csv"), ("n." + String(repeating: "x", count: 300), 240, "x"),
    ("e" + String(repeating: "%CC%81", count: 200) + ".txt", 235, ".txt"),
  ])
  func `a name that is too long loses of its stem, not of its extension`(
    _ path: String, stem: Int, suffix: String
  ) throws {
    let name = try #require(try names("http://a/\(path)").first)
    #expect(name.hasSuffix(suffix) && name.utf8.count == stem + (suffix == "x" ? 0 : suffix.utf8.count))
  }

  @Test(arguments: [
    ("f.tar.gz", "f-2.tar.gz"), ("f.csv.zst", "f-2.csv.zst"), ("f.tar.gz.sha256", "f-2.tar.gz.sha256"),
    ("f.gz", "f-2.gz"),
    ("f.2024.gz", "f.2024-2.gz"), ("v1.2", "v1-2.2"), (".profile", ".profile-2"), ("README", "README-2"),
    ("a.b.txt", "a.b-2.txt"), ("f.TAR.GZ", "f-2.TAR.GZ"),
  ])
  func `a number goes before the whole extension`(name: String, second: String) throws {
    #expect(try names("http://a/\(name)", "http://b/\(name)") == [name, second])
  }

  @Test func `thousands of files may be called the same by their URLs`() throws {
    let text = (0..<4000).map { "http://a/\($0)/x.txt" }.joined(separator: "\n")
    let names = try DownloadList(text: text, from: "a list").downloads.map(\.name)
    #expect(Set(names).count == 4000 && names.last == "x-4000.txt")
  }

  @Test func `a mark of the byte order is no part of a URL, where files were joined neither`() throws {
    let list = try DownloadList(text: "\u{feff}http://a/x\r\n\u{feff}# joined\n\u{feff}http://a/y", from: "a list")
    #expect(list.downloads.map(\.url) == ["http://a/x", "http://a/y"])
  }

  @Test func `no file is called as the record of the folder is`() throws {
    #expect(try names("http://a/.advisor-downloads") == [".advisor-downloads-2"])
    #expect(throws: AdvisorError.self) { try names("http://a/x out=.advisor-downloads") }
  }

  @Test(arguments: ["htp://ann:s3cret@h/x", "http://h/x ann:s3cret@h", "http://h/x sha256=http://a:s3cret@h"])
  func `what is wrong with a line is told without the secrets in it`(line: String) {
    let error = #expect(throws: AdvisorError.self) { try names(line) }
    #expect(error?.problem.contains("s3cret") == false)
  }

  @Test func `files of one name get numbers, in the order of the list`() throws {
    #expect(
      try names("http://a/x.txt", "http://b/x.txt", "http://c/x.txt", "http://a/y", "http://b/y")
        == ["x.txt", "x-2.txt", "x-3.txt", "y", "y-2"])
    // What one file is called while it arrives is no name for another.
    #expect(try names("http://a/x", "http://a/x.part", "http://a/x.part.from") == ["x", "x-2.part", "x.part-2.from"])
    #expect(try names("http://a/x", "http://b/z out=x") == ["x-2", "x"])
  }

  @Test func `the same line twice is one download`() throws {
    #expect(try names("http://a/x", "http://a/x").count == 1)
    #expect(try names("http://a/x out=z", "http://a/x out=z") == ["z"])
  }

  @Test func `two files cannot be given one name`() {
    let error = #expect(throws: AdvisorError.self) { try names("http://a/x out=z", "http://a/y out=z") }
    #expect(error?.problem.contains("lines 1 and 2") == true)
  }
}

@Suite struct ContentRangeTests {
  // RFC 9110, 14.4.
  @Test func `a range has a start and a whole`() {
    #expect(ContentRange("bytes 42-1233/1234").map { [$0.start, $0.total] } == [42, 1234])
    #expect(ContentRange("bytes 42-1233/*").map { [$0.start, $0.total] } == [42, nil])
  }

  @Test(arguments: [nil, "", "bytes */1234", "bytes 1-2", "lines 1-2/3", "bytes -1-2/3", "bytes 1-2/x"])
  func `what is no range is none`(text: String?) { #expect(ContentRange(text) == nil) }
}
