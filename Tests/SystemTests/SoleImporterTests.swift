import Foundation
import Testing

/// The house's rule, read from the sources themselves: a system call is made in System and nowhere above it.
@Suite("System is the sole importer of the C library") struct SoleImporterTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")
    .standardized

  /// Functions of ISO C that compute and make no system call (<math.h>, <string.h>), each to be imported by its name.
  private static let pure: Set<String> = [
    "ceil", "cos", "erfc", "exp", "exp2", "expm1", "floor", "hypot", "lgamma", "log", "log10", "log1p", "log2",
    "memchr",
    "pow",
  ]

  /// The modules' names, each that of a folder.
  private static func modules() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { $0 != "System" }.sorted()
  }

  /// The import declarations of a Swift text that give more of the C library than pure functions.
  private static func faults(in text: String) -> [String] {
    text.split(separator: "\n").map(String.init).filter { line in
      guard let match = line.firstMatch(of: /^(?:@\w+ )?(?:\w+ )?import (?:(\w+) )?(?:Glibc|Musl|CLinux)(?:\.(\w+))?/)
      else { return false }
      return match.1 != "func" || !pure.contains(String(match.2 ?? ""))
    }
  }

  @Test("Above System no file imports Glibc or CLinux, but for functions that only compute", arguments: try modules())
  func imports(module: String) throws {
    let folder = Self.sources.appending(path: module).path
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    for file in files.sorted() where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      #expect(Self.faults(in: text).isEmpty, "Sources/\(module)/\(file): let System do it")
    }
  }

  @Test(
    "What gives more is found, in whichever words it is imported",
    arguments: [
      "import Glibc", "private import Glibc", "package import CLinux", "@preconcurrency import Glibc",
      "private import func Glibc.open", "private import struct Glibc.stat", "import Glibc.stdio",
    ])
  func finds(line: String) { #expect(Self.faults(in: "import AdvisorCore\n\(line)\n") == [line]) }

  @Test("A function that computes may be imported by its name")
  func allows() { #expect(Self.faults(in: "private import func Glibc.exp\n// import Glibc\n").isEmpty) }
}
