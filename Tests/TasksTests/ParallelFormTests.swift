import AdvisorCore
import AdvisorTestSupport
import Testing
@testable import Tasks

/// Expected values are what GNU parallel 20221122 prints.
@Suite("Forms of GNU parallel") struct ParallelFormTests {
  private func arguments(
    _ command: [String], _ inputs: [String], _ change: (inout CommandTemplate.Reading) -> Void = { _ in }
  ) throws -> [String] {
    var reading = CommandTemplate.Reading()
    change(&reading)
    let template = try CommandTemplate(command.map { Array($0.utf8) }, reading)
    let arguments = template.arguments(for: inputs.map { Array($0.utf8) }, sequence: 1, slot: 1)
    return arguments.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(
    "Take parts of a path",
    arguments: [
      ("{+/}", "d/a.b.c", "d"), ("{+/}", "a.b", ""), ("{+/}", "/x", ""), ("{+.}", "a.b", "b"), ("{+.}", "a", ""),
      ("{+..}", "d/a.b.c", "b.c"), ("{+..}", "a.b", ""), ("{..}", "d/a.b.c", "d/a"), ("{..}", "a.b", "a.b"),
      ("{...}", "s/f.1.2.3", "s/f"), ("{...}", "d/a.b.c", "d/a.b.c"), ("{/..}", "d/a.b.c", "a"), ("{1+.}", "a.b", "b"),
    ])
  func parts(string: String, input: String, expected: String) throws {
    #expect(try arguments(["echo", string], [input]) == ["echo", expected])
  }

  @Test(
    "Edit an input with --plus, as bash does",
    arguments: [
      ("{:-x}", "", "x"), ("{:-x}", "a", "a"), ("{:2}", "abcde", "cde"), ("{:1:2}", "abcde", "bc"), ("{:9}", "ab", ""),
      ("{#ab}", "abc", "c"), ("{#x}", "abc", "abc"), ("{%bc}", "abc", "a"), ("{/b/xx}", "abcb", "axxcb"),
      ("{^a}", "aba", "Aba"), ("{^^a}", "aba", "AbA"), ("{,A}", "AbA", "abA"), ("{,,A}", "AbA", "aba"),
      ("{2%b}", "ab", "a"), ("{#.*/}", "a/b/c", "b/c"), ("{##.*/}", "a/b/c", "c"), ("{%\\..*}", "x.tar.gz", "x.tar"),
      ("{%%\\..*}", "x.tar.gz", "x"), ("{%.c}", "a.b/c", "a.b"), ("{/[0-9]+/n}", "a12b3", "anb3"),
      ("{//[0-9]+/n}", "a12b3", "anbn"), ("{^^[a-c]}", "abcd", "ABCd"), ("{^ab}", "abab", "ABab"),
      ("{,,[A-Z]}", "xAB", "xab"),
      ("{//b/}", "abcb", "ac"), ("{##x}", "abc", "abc"), ("{%b}", "", ""), ("{slot}", "a", "1"),
    ])
  func edits(string: String, input: String, expected: String) throws {
    let inputs = string.hasPrefix("{2") ? ["", input] : [input]
    #expect(try arguments(["echo", string], inputs) { $0.strings.hasEdits = true } == ["echo", expected])
  }

  @Test("Count inputs from the end, and leave out those that a task has not")
  func negative() throws {
    #expect(try arguments(["echo", "{-1}", "{-2}x"], ["a", "b"]) == ["echo", "b", "ax"])
    #expect(try arguments(["echo", "{1}", "{3}", "x{3}"], ["a", "b"]) == ["echo", "a", "x"])
  }

  @Test("Repeat a word for each input where asked to, also on a shell's line")
  func repeats() throws {
    let repeating: (inout CommandTemplate.Reading) -> Void = { $0.repeatsWords = true }
    #expect(try arguments(["echo", "p-{}-q", "z"], ["a", "b"], repeating) == ["echo", "p-a-q", "p-b-q", "z"])
    #expect(try arguments(["echo", "p-{}-q"], ["a", "b"]) == ["echo", "p-a b-q"])
    let line = try arguments(["echo 'x y'{};ls p{.} | wc"], ["a.c", "b"]) {
      ($0.repeatsWords, $0.form) = (true, .shell)
    }
    #expect(line.last == "echo 'x y''a.c' 'x y''b';ls p'a' p'b' | wc")
  }

  @Test("Have strings of the user's own, whose braces are then text")
  func ownStrings() throws {
    let own: (inout CommandTemplate.Reading) -> Void = {
      $0.strings.custom = [ReplacementStrings.Custom(",,", for: ""), ReplacementStrings.Custom("@", for: ".")]
    }
    #expect(try arguments(["echo", ",,", "{}", "@", "{/}"], ["d/a.b"], own) == ["echo", "d/a.b", "{}", "d/a", "a.b"])
  }

  @Test(
    "Refuse what they do not know, and say what there is", arguments: ["{0}", "{=s/a/b/=}", "{uniq}", "{choose_k}"])
  func refusals(string: String) {
    #expect { try arguments(["echo", string], ["a"]) } throws: {
      guard let error = $0 as? AdvisorError else { return false }
      return error.code == .usage && error.advice.contains("{")
    }
  }

  @Test(
    "Refuse what --plus does not read, rather than to hand it on",
    arguments: ["{#(}", "{0#}", "{00%}", "{host}", "{/a}", "{/a/b/c}", "{:x}"])
  func refusedEdits(string: String) {
    #expect(throws: AdvisorError.self) { try arguments(["echo", string], ["a"]) { $0.strings.hasEdits = true } }
    // Without it they are words like others.
    #expect(throws: Never.self) { try arguments(["echo", string], ["a"]) }
  }

  @Test("The number of tasks is a string like others: no input follows it")
  func total() throws {
    var template = try CommandTemplate(["echo", "{##}"].map { Array($0.utf8) }, CommandTemplate.Reading())
    template.setTotal(7)
    #expect(template.arguments(for: [[65]], sequence: 1, slot: 1).last == Array("7".utf8))
  }

  private func rows(
    _ sources: [InputSource], linksAll: Bool = false, _ change: (inout InputFormat) -> Void = { _ in }
  ) throws -> (rows: [String], names: [String]) {
    var format = InputFormat()
    change(&format)
    let (inputs, names) = try TaskInputs.reading(sources, format, linksAll: linksAll)
    var rows: [String] = []
    while let row = try inputs.wait() {
      rows.append(row.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|"))
    }
    return (rows, names)
  }

  private func words(_ text: String) -> InputSource {
    InputSource(.words(text.split(separator: " ").map { Array($0.utf8) }))
  }

  @Test("Link all sources, the shorter ones again and again")
  func links() throws {
    #expect(try rows([words("A B C"), words("F G")], linksAll: true).rows == ["A|F", "B|G", "C|F"])
  }

  @Test("Standard input can be read but once")
  func twice() {
    let standard = InputSource(.file("-"))
    #expect { try rows([standard, words("a"), standard]) } throws: { ($0 as? AdvisorError)?.code == .usage }
  }

  @Test("Name the columns of every source by its first input")
  func headers() throws {
    let (rows, names) = try rows([words("f1 A B"), words("f2 C")]) { $0.header = .first }
    #expect(rows == ["A|C", "B|C"] && names == ["f1", "f2"])
  }

  @Test(
    "Cut inputs into columns",
    arguments: [
      (",", "a,b c", ["a|b c"]), ("\\t", "a\tb\n\tc", ["a|b", "|c"]), (" +", "a  b", ["a|b"]), ("\\|", "a|b", ["a|b"]),
      ("[,;]", "a;b,c", ["a|b|c"]), ("\\d", "a1b", ["a|b"]),
    ])
  func columns(separator: String, text: String, expected: [String]) throws {
    let file = try TemporaryFile("\(text)\n")
    #expect(try rows([InputSource(.file(file.path))]) { $0.columnSeparator = separator }.rows == expected)
  }

  @Test("End a source at its mark, and trim inputs")
  func marks() throws {
    #expect(try rows([words("A stop B")]) { $0.endMark = Array("stop".utf8) }.rows == ["A"])
    let blanks = InputSource(.words([Array(" a ".utf8)]))
    #expect(try rows([blanks]) { $0.trim = .left }.rows == ["a "])
    #expect(try rows([blanks]) { $0.trim = .both }.rows == ["a"])
  }

  @Test(
    "Take the first record of CSV for a header where the command names a column",
    arguments: [("{name}", ["a"]), ("{1}", ["name", "a"]), ("{}", ["name", "a"])])
  func tables(string: String, expected: [String]) throws {
    let file = try TemporaryFile("name\na\n")
    let read = try rows([InputSource(.file(file.path))]) {
      ($0.table, $0.header) = (.csv, .ifNamed(in: [Array(string.utf8)]))
    }
    #expect(read.rows == expected)
  }

  @Test("Group rows, of which the last may be short")
  func groups() throws {
    let inputs = try TaskInputs.reading([words("A B C")], InputFormat()).inputs
    let groups = GroupedRows(inputs, 2)
    #expect(groups.count == 2 && groups.columns == 2)
    #expect(try groups.nextRow() == .inputs([[65], [66]]))
    #expect(try groups.nextRow() == .inputs([[67]]))
    #expect(try groups.nextRow() == .end)
  }

  @Test("Spread over the workers what is left at the end")
  func spreads() throws {
    let recorded = try runCommand(["echo"], [(1...10).map { "\($0)" }]) {
      ($0.batch, $0.keepsOrder) = (.spread(over: 4), true)
    }.recorded
    #expect(recorded.output == "1 2 3\n4 5 6\n7 8 9\n10\n")
  }

  /// `seq 10 | parallel -j1 -X -s N` and so on; the length that is given includes a null byte behind the line.
  @Test(
    "Fill lines of a length",
    arguments: [
      (["echo"], 12, "1 2 3\n4 5 6\n7 8 9\n10\n"), (["echo"], 13, "1 2 3 4\n5 6 7 8\n9 10\n"),
      (["echo", "{}", "x"], 14, "1 2 3 x\n4 5 6 x\n7 8 9 x\n10 x\n"),
      (["echo", "p{}q"], 17, "p1q p2q p3q\np4q p5q p6q\np7q p8q p9q\np10q\n"),
    ])
  func fills(command: [String], bytes: Int, expected: String) throws {
    var reading = CommandTemplate.Reading()
    reading.repeatsWords = true
    let recorded = try runCommand(command, [(1...10).map { "\($0)" }], reading: reading) {
      ($0.batch, $0.maxLineBytes, $0.keepsOrder) = (.full, bytes, true)
    }.recorded
    #expect(recorded.output == expected)
  }
}
