import AdvisorCore
import AdvisorTestSupport
import Glibc
import System
import Testing
@testable import Tasks

/// GNU parallel's manual is the source of what `--pipe`, `--recend`, `--recstart`, `-N` and `--header` mean.
@Suite("Records of a block") struct RecordRuleTests {
  private func cut(
    _ text: String, pieces: Int, minBytes: Int = 1, end: String = "\n", start: String = "", records: Int? = nil
  ) -> [String] {
    var rule = RecordRule()
    (rule.end, rule.start, rule.records) = (Array(end.utf8), Array(start.utf8), records)
    let bytes = Array(text.utf8)
    var blocks: [String] = []
    var (from, cutter) = (0, BlockCutter(rule, from: 0, minBytes: minBytes))
    var seen = 0
    while seen < bytes.count {
      seen = min(seen + pieces, bytes.count)
      // From the first byte that is still needed, as a reader of a file has it.
      while true {
        let offset = min(cutter.firstNeeded, seen)
        guard let place = bytes[offset..<seen].withUnsafeBytes({ cutter.end(in: $0, at: offset) }) else { break }
        blocks.append(String(decoding: bytes[from..<place], as: UTF8.self))
        (from, cutter) = (place, BlockCutter(rule, from: place, minBytes: minBytes))
      }
    }
    if from < bytes.count { blocks.append(String(decoding: bytes[from...], as: UTF8.self)) }
    return blocks
  }

  @Test("Blocks end with the record that reaches their size, however the bytes come", arguments: [1, 2, 3, 100])
  func lines(pieces: Int) {
    #expect(cut("aa\nb\ncccc\nd", pieces: pieces) == ["aa\n", "b\n", "cccc\n", "d"])
    #expect(cut("aa\nb\ncccc\nd", pieces: pieces, minBytes: 4) == ["aa\nb\n", "cccc\n", "d"])
  }

  @Test("A record may begin with a text, as in FASTA", arguments: [1, 2, 3, 100])
  func start(pieces: Int) {
    #expect(cut(">a\nA\n>b\nC\nG\n>c\n", pieces: pieces, end: "", start: ">") == [">a\nA\n", ">b\nC\nG\n", ">c\n"])
    #expect(cut(">a>\n>b\n", pieces: pieces, start: ">") == [">a>\n", ">b\n"])
  }

  @Test("A record may end with several characters", arguments: [1, 2, 100])
  func longEnd(pieces: Int) {
    #expect(cut("a--b---c--", pieces: pieces, end: "--") == ["a--", "b--", "-c--"])
  }

  @Test("A number of records makes a block, whatever its size", arguments: [1, 4, 100])
  func counted(pieces: Int) {
    #expect(cut("1\n2\n3\n4\n5\n", pieces: pieces, minBytes: 100, records: 2) == ["1\n2\n", "3\n4\n", "5\n"])
  }

  @Test("A header is a number of lines", arguments: [(":", 1), ("2", 2), (".*\\n", 1), (".*\\n.*\\n", 2)])
  func header(text: String, lines: Int) throws { #expect(try RecordRule.headerLines(text) == lines) }

  @Test("Other patterns of a header are refused", arguments: ["[a-z]+", "", "-1"])
  func foreignHeader(text: String) {
    #expect { try RecordRule.headerLines(text) } throws: { ($0 as? AdvisorError)?.code == .usage }
  }
}

@Suite("Blocks of what comes from a pipe") struct StreamBlocksTests {
  private let text = (0..<3000).map { "line \($0) \(String(repeating: "z", count: $0 % 50))\n" }.joined()

  /// Runs a line of shell over blocks of a text that comes through a pipe.
  private func run(
    _ script: String, _ text: String, _ rule: RecordRule = RecordRule(), blockBytes: Int = 4000,
    processes: Int? = nil, _ change: (inout TaskOptions) -> Void = { _ in }
  ) throws -> (summary: RunSummary, recorded: Recorded) {
    let pipe = try Pipe()
    OpenFile.setPipeCapacity(pipe.writing.number, 1 << 20)
    #expect(pipe.writing.write(Array(text.utf8)) == 0)
    let (reading, writing) = (pipe.reading.release(), pipe.writing.release())
    close(writing)
    defer { close(reading) }
    let blocks: any InputBlocks = try StreamBlocks(input: reading, rule, blockBytes: blockBytes, hashesContents: true)
    let shared = processes.map { RoundRobinBlocks(blocks, processes: $0) } ?? blocks
    return try runCommand(["sh", "-c", "\(script) # {#}"], stream: shared) {
      $0.blocks = shared
      change(&$0)
    }
  }

  @Test("Every byte goes to one task, in order, and records stay whole", arguments: [1, 100, 4000, 1 << 20])
  func everyByte(bytes: Int) throws {
    let text = bytes == 1 ? String(text.prefix(2000)) + "\n" : text
    let (summary, recorded) = try run("cat", text, blockBytes: bytes) { $0.keepsOrder = true }
    #expect(summary.exitStatus == 0 && recorded.output == text)
    let ends = try run("tail -c 1", text, blockBytes: bytes).recorded.output
    #expect(Set(ends) == ["\n"])
  }

  @Test("A record that is longer than a block is one block")
  func longRecord() throws {
    let long = String(repeating: "x", count: 300_000) + "\n"
    let (_, recorded) = try run("wc -c", "a\n" + long + "b\n", blockBytes: 10) { $0.keepsOrder = true }
    #expect(recorded.output.split(separator: "\n").map(String.init) == ["300003", "2"])
  }

  @Test("Each block begins with the header")
  func header() throws {
    var rule = RecordRule()
    (rule.headerLines, rule.records) = (1, 2)
    let (_, recorded) = try run("cat", "h\n1\n2\n3\n", rule) { $0.keepsOrder = true }
    #expect(recorded.output == "h\n1\n2\nh\n3\n")
    #expect(try run("cat", "h\n", rule).summary.progress.done == 0)
  }

  @Test("A block whose task fails is there for the next attempt")
  func retries() throws {
    let folder = try TemporaryFolder()
    let script = "f=\(folder.path)/$(cksum | tr -d ' '); [ -e $f ] && exit 0; : > $f; exit 1"
    let (summary, _) = try run(script, text) {
      $0.retries = 1
      $0.retryDelaySeconds = 0.001
    }
    #expect(summary.exitStatus == 0 && summary.progress.done > 20)
  }

  @Test("A block is known by its place, its length and what is in it")
  func resume() throws {
    let (journal, count) = (try TemporaryFile(), 20)
    let resumed = { (text: String) in
      try run("wc -l", text) { ($0.journal, $0.resume) = (journal.path, .succeeded) }.summary.progress
    }
    let first = try resumed(text)
    #expect(first.done > count && first.skipped == 0)
    #expect(try resumed(text).done == 0)
    // One byte in the last block.
    let changed = try resumed(text.dropLast(2) + "y\n")
    #expect(changed.done == 1 && changed.skipped == first.done - 1)
  }

  @Test("Processes that stay share the blocks: each byte goes to one of them", arguments: [1, 2, 4])
  func roundRobin(processes: Int) throws {
    let (summary, recorded) = try run("wc -l", text, processes: processes) { $0.workers = processes }
    let counts = recorded.output.split(separator: "\n").compactMap { Int($0) }
    #expect(summary.exitStatus == 0 && counts.count == processes && counts.reduce(0, +) == 3000, "\(counts)")
  }

  @Test("A block is in its pipe before the task starts, as far as the pipe takes it")
  func filled() throws {
    let block = BlockMemory([UInt8](repeating: 1, count: 3 << 20))
    let feed = try InputFeed(BlockFeed(pieces: [BlockPiece(source: .memory(block), left: 0..<1000)]))
    #expect(feed.fill() == true && feed.readEnd.flatMap(OpenFile.waitingBytes) == 1000)
    let large = try InputFeed(BlockFeed(pieces: [BlockPiece(source: .memory(block), left: 0..<block.count)]))
    #expect(large.fill() == false)
  }

  @Test("A task that reads no more than it wants has not failed")
  func partialReader() throws {
    let (summary, _) = try run("head -c 1", text, blockBytes: 100_000)
    #expect(summary.exitStatus == 0)
  }

  @Test("Blocks that differ in a byte or in length hash differently")
  func hash() {
    let hash = { (bytes: [UInt8]) in bytes.withUnsafeBytes { ContentHash.hash($0) } }
    let base = (0..<200).map { UInt8($0) }
    let variants = base.indices.map { place in
      var other = base
      other[place] ^= 1
      return other
    }
    let all = [base, Array(base.dropLast()), base + [0]] + variants
    #expect(Set(all.map(hash)).count == all.count && hash(base) == hash(base))
  }
}

@Suite("Outputs that wait for their turn") struct OutputSpoolTests {
  @Test("One slow task holds up no other, whatever they write", arguments: [0, 10, 40_000])
  func slowFirst(bytes: Int) throws {
    let file = try TemporaryFile()
    // The first task ends when all others have.
    let script = """
      if [ {} = 1 ]; then while [ $(wc -l < \(file.path)) -lt 100 ]; do sleep 0.01; done; fi
      head -c \(bytes) /dev/zero | tr '\\0' x; echo {} >> \(file.path)
      """
    let (summary, recorded) = try runCommand(["sh", "-c", script], [(1...101).map { "\($0)" }], workers: 4) {
      $0.keepsOrder = true
    }
    #expect(summary.progress.succeeded == 101 && recorded.output.utf8.count == 101 * bytes)
  }

  @Test("Outputs are printed whole and in order from where they were kept")
  func contents() throws {
    let file = try TemporaryFile()
    let script = """
      if [ {} = 1 ]; then while [ $(wc -l < \(file.path)) -lt 60 ]; do sleep 0.01; done; fi
      yes {} | head -c 200000; echo; echo >> \(file.path)
      """
    let (_, recorded) = try runCommand(["sh", "-c", script], [(1...61).map { "\($0)" }], workers: 4) {
      $0.keepsOrder = true
    }
    let expected = (1...61).map { String(String(repeating: "\($0)\n", count: 100_000).prefix(200_000)) + "\n" }.joined()
    #expect(recorded.output == expected)
  }

  @Test(
    "What is written comes out whole from wherever it was kept",
    arguments: [16_384, 16_385, OutputMemory.pieceBytes, OutputMemory.pieceBytes + 1, 3_000_000])
  func sizes(bytes: Int) throws {
    let script = "yes {} | head -c \(bytes)"
    let (_, recorded) = try runCommand(["sh", "-c", script], [(1...8).map { "\($0)" }], workers: 6) {
      $0.keepsOrder = true
    }
    let expected = (1...8).map { String(repeating: "\($0)\n", count: bytes / 2 + 1).prefix(bytes) }.joined()
    #expect(recorded.output == expected)
  }

  @Test("Pieces of memory are few, and used again")
  func pieces() throws {
    let memory = OutputMemory()
    let taken = (0..<OutputMemory.maxPieces).map { _ in memory.take() }
    let first = try #require(taken[0])
    #expect(taken.allSatisfy { $0 != nil } && memory.take() == nil)
    first.count = 5
    memory.giveBack(first)
    #expect(memory.take() === first && first.count == 0)
  }

  @Test("Beyond the limit no further task starts until there is room again")
  func limit() throws {
    let file = try TemporaryFile()
    let script = """
      if [ {} = 1 ]; then sleep 0.3; wc -l < \(file.path); else head -c 2000000 /dev/zero; echo >> \(file.path); fi
      """
    let (summary, recorded) = try runCommand(["sh", "-c", script], [(1...40).map { "\($0)" }], workers: 2) {
      ($0.keepsOrder, $0.spoolLimit) = (true, 10_000_000)
    }
    let before = recorded.output.prefix { $0 != "\n" }
    #expect(summary.progress.succeeded == 40 && Int(before).map { $0 <= 7 } == true, "\(before)")
  }
}
