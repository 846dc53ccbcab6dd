import AdvisorTestSupport
import FoundationEssentials
import Testing

/// README keeps its word: its blocks of commands run as they stand, beside stand-ins for the programs that are the reader's.
@Suite("Commands of README") struct ReadmeCommandTests {
  struct Block: Sendable, CustomTestStringConvertible {
    var section: String
    var commands: [String]

    var testDescription: String { "\(section): \(commands.first ?? "")" }
  }

  /// Blocks of shell, by the heading above them; those that install, and those of Python, aside.
  private static let blocks: [Block] = {
    let page = (try? String(contentsOfFile: "\(Repository.root)/README.md", encoding: .utf8)) ?? ""
    var (blocks, section, open) = ([Block](), "", [Substring]?.none)
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let lines = open { blocks.append(Block(section: section, commands: commands(lines))) }
        open = open == nil ? [] : nil
      } else if open != nil {
        open?.append(line)
      } else if line.hasPrefix("#") {
        section = String(line.drop { $0 == "#" || $0 == " " })
      }
    }
    return blocks.filter { $0.section != "Install" && $0.commands.first?.hasPrefix("import ") != true }
  }()

  /// What is typed: in a transcript what follows the prompt, else every line.
  private static func commands(_ lines: [Substring]) -> [String] {
    let typed = lines.filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
    return typed.isEmpty ? lines.map(String.init).filter { !$0.isEmpty } : typed
  }

  @Test("There are blocks of commands") func thereAreBlocks() { #expect(Self.blocks.count >= 10) }

  @Test("A block runs as it stands", arguments: blocks)
  func runs(block: Block) throws {
    let program = try Program()
    let server = try TestServer()
    try Self.fill(program, server)
    _ = try program.file("block.sh", block.commands.joined(separator: "\n") + "\n")
    let outcome = try program.shell(
      """
      chmod +x bin/* convert solve fit simulate count; ln -s "$ADVISOR" bin/advisor
      export ADVISOR_PROFILE=\(Repository.root)/profiles/amd-epyc-vm-2cpu.json PATH=$PWD/bin:$PATH
      exec bash -euo pipefail block.sh < /dev/null
      """)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
  }

  /// The reader's folder: what the lines read, and programs in the place of those that they start.
  private static func fill(_ program: Program, _ server: TestServer) throws {
    try FileManager.default.createDirectory(atPath: "\(program.folder)/bin", withIntermediateDirectories: true)
    for name in ["bin/pytest", "bin/cargo", "bin/optipng", "bin/unzip", "convert", "solve", "fit", "simulate", "count"]
    {
      _ = try program.file(name, "#!/bin/sh\nsleep 0.02\n")
    }
    for (name, text) in [
      "Makefile": "all:\n\t@true\nclean:\n\t@true\n", "a.log": "one\n", "b.log": "two\n", "a.png": "", "b.png": "",
      "names": "one\ntwo\n", "jobs.csv": "model,name\nlinear,a.txt\n", "big.txt": "one\ntwo\n",
      "work.py": "def task(value):\n    return value + 1\n", "inputs.jsonl": "1\n2\n3\n",
      "urls.txt": "\(server.url)/bytes/1000\n\(server.url)/bytes/2000 out=second\n",
      "load.csv": try String(contentsOfFile: "\(Repository.root)/docs/files/load.csv", encoding: .utf8),
    ] {
      _ = try program.file(name, text)
    }
    #expect(try program.shell("gzip -k big.txt && mv big.txt.gz big.gz").status == 0)
  }
}
