import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import System
@testable import Tasks

@Suite struct TaskInputsTests {
  private func list(_ words: [String]) -> InputList { InputList(words.map { Array($0.utf8) }) }

  private func all(_ inputs: TaskInputs) throws -> [String] {
    var result: [String] = []
    while case .inputs(let columns) = try inputs.next() {
      result.append(columns.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
    }
    return result
  }

  @Test("Lists are combined, the last fastest")
  func combinesListsTheLastFastest() throws {
    // GNU parallel's tutorial: parallel echo ::: A B C ::: D E F
    let inputs = try TaskInputs(lists: [list(["A", "B", "C"]), list(["D", "E", "F"])])
    #expect(inputs.count == 9)
    #expect(try all(inputs) == ["A D", "A E", "A F", "B D", "B E", "B F", "C D", "C E", "C F"])
  }

  @Test("A single task has no inputs")
  func aSingleTaskHasNoInputs() throws {
    #expect(try all(TaskInputs()) == [""])
  }

  @Test("An empty list makes no tasks")
  func anEmptyListMakesNoTasks() throws {
    #expect(try all(TaskInputs(lists: [list([]), list(["a"])])).isEmpty)
  }

  @Test("A file is combined with lists")
  func combinesAFileWithLists() throws {
    let file = try TemporaryFile("1\n2\n")
    let inputs = try TaskInputs(lists: [list(["a", "b"])], stream: InputReader(path: file.path))
    #expect(inputs.count == nil)
    #expect(try all(inputs) == ["1 a", "1 b", "2 a", "2 b"])
  }

  @Test("More tasks than can be counted are refused")
  func refusesMoreThanCanBeCounted() {
    let list = InputList(Array(repeating: Array("x".utf8), count: 1 << 16))
    #expect(throws: AdvisorError.self) { try TaskInputs(lists: Array(repeating: list, count: 4)) }
  }

  @Test(
    "Lines are read",
    arguments: [
      ("a\nb\n", ["a", "b"]), ("a\nb", ["a", "b"]), ("", []), ("\n\na\n\n", ["a"]), (" a \r\n", [" a \r"]),
    ])
  func readsLines(_ text: String, expected: [String]) throws {
    let file = try TemporaryFile(text)
    #expect(try all(TaskInputs(stream: InputReader(path: file.path))) == expected)
  }

  @Test("Lines longer than the buffer are read")
  func readsLinesLongerThanItsBuffer() throws {
    let long = String(repeating: "y", count: 100_000)
    let file = try TemporaryFile("\(long)\nz")
    #expect(try all(TaskInputs(stream: InputReader(path: file.path))) == [long, "z"])
  }

  @Test("Inputs are read between nulls")
  func readsBetweenNulls() throws {
    let file = try TemporaryFile("a\nb\0\0c")
    let inputs = try TaskInputs(stream: InputReader(path: file.path, separator: .null))
    #expect(try all(inputs) == ["a\nb", "", "c"])
  }

  @Test("A slow writer is not waited for")
  func doesNotWaitForASlowWriter() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let reader = InputReader(Descriptor(owning: ends[0]), name: "a pipe", separator: .newline)
    #expect(try reader.next() == .waiting)
    write(ends[1], "one\ntw", 6)
    #expect(try reader.next() == .input(Array("one".utf8)))
    #expect(try reader.next() == .waiting)
    write(ends[1], "o", 1)
    close(ends[1])
    #expect(try reader.next() == .input(Array("two".utf8)))
    #expect(try reader.next() == .end)
    #expect(try reader.next() == .end)
  }

  @Test("A missing file is bad data")
  func aMissingFileIsBadData() {
    #expect { try InputReader(path: "/nonexistent/inputs") } throws: { ($0 as? AdvisorError)?.code == .badData }
  }

  @Test("A folder is bad data")
  func aFolderIsBadData() throws {
    let reader = try InputReader(path: "/")
    #expect { try reader.next() } throws: { ($0 as? AdvisorError)?.code == .badData }
  }

  @Test("A null in a line is bad data")
  func aNullInALineIsBadData() throws {
    let file = try TemporaryFile("a\nb\0c\n")
    let reader = try InputReader(path: file.path)
    #expect(try reader.next() == .input(Array("a".utf8)))
    #expect { try reader.next() } throws: { ($0 as? AdvisorError)?.problem.contains("line 2") == true }
  }

  @Test("An endless line is bad data")
  func anEndlessLineIsBadData() throws {
    let reader = try InputReader(path: "/dev/zero")
    #expect { try reader.next() } throws: { ($0 as? AdvisorError)?.code == .badData }
  }
}

@Suite struct CommandLineWordsTests {
  private func words(_ text: String) -> CommandLineWords {
    CommandLineWords(text.split(separator: " ").map { Array($0.utf8) })
  }

  @Test("The command is split from its lists")
  func splitsCommandAndLists() throws {
    let words = words("gzip -k {} ::: a b ::: c")
    #expect(words.command.map { String(decoding: $0, as: UTF8.self) } == ["gzip", "-k", "{}"])
    #expect(words.sources == [InputSource(.words([[97], [98]])), InputSource(.words([[99]]))])
  }

  @Test("Without a separator there is no list")
  func hasNoListWithoutSeparator() throws {
    #expect(words("make").sources.isEmpty)
    #expect(words("make :::").sources == [InputSource(.words([]))])
  }

  @Test("Linked lists are read side by side")
  func linksLists() throws {
    // GNU parallel's manual: parallel echo ::: a b c :::+ 1 2 3 ::: X Y; the shorter of linked lists decides.
    let words = words("echo ::: a b c :::+ 1 2 ::: X Y")
    let inputs = try TaskInputs.reading(words.sources, InputFormat()).inputs
    #expect(inputs.columns == 3 && inputs.count == 4)
    var rows: [String] = []
    while case .inputs(let row) = try inputs.next() {
      rows.append(row.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
    }
    #expect(rows == ["a 1 X", "a 1 Y", "b 2 X", "b 2 Y"])
  }

  @Test("A list with nothing before it to be linked to is refused")
  func refusesLooseLink() {
    #expect(throws: AdvisorError.self) { try TaskInputs.reading(words("echo :::+ a").sources, InputFormat()) }
  }

  @Test("Files are sources too, each its own")
  func hasFiles() {
    let words = words("echo :::: a b ::::+ - ::: c")
    #expect(words.sources.map(\.isLinked) == [false, false, true, false])
    #expect(words.sources[2].origin == .file("-"))
  }
}
