import AdvisorCore
@testable import Downloads

/// Lists of URLs as `download` reads them. No file's name leads out of its folder, and none is given twice.
enum URLs {
  static func feed(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    check(DownloadName.derived(from: text))
    if let name = DownloadName.chosen(text) { check(name) }
    guard let list = try? DownloadList(text: text, from: "list") else { return }
    for download in list.downloads { check(download.name) }
    precondition(Set(list.downloads.map(\.name)).count == list.downloads.count, "two downloads have one name")
  }

  private static func check(_ name: String) {
    precondition(!name.isEmpty && name != "." && name != "..", "“\(name)” is no name of a file")
    precondition(!name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0), "“\(name)” leads elsewhere")
    precondition(name.utf8.count <= 255, "“\(name)” is too long for a file's name")
  }
}
