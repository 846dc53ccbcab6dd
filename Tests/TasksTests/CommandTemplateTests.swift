import AdvisorCore
import Testing
@testable import Tasks

@Suite struct CommandTemplateTests {
  private func expand(_ command: [String], _ inputs: [String], sequence: Int = 1, slot: Int = 1) throws -> [String] {
    try CommandTemplate(command.map { Array($0.utf8) })
      .arguments(for: inputs.map { Array($0.utf8) }, sequence: sequence, slot: slot)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// The examples of GNU parallel's manual page and tutorial, and of dirname's (POSIX).
  @Test(
    "Parts of a path are taken",
    arguments: [
      ("{}", "mydir/mysubdir/myfile.myext", "mydir/mysubdir/myfile.myext"),
      ("{.}", "mydir/mysubdir/myfile.myext", "mydir/mysubdir/myfile"),
      ("{/}", "mydir/mysubdir/myfile.myext", "myfile.myext"),
      ("{//}", "mydir/mysubdir/myfile.myext", "mydir/mysubdir"),
      ("{/.}", "mydir/mysubdir/myfile.myext", "myfile"),
      ("{.}", "foo.jpg", "foo"), ("{.}", "subdir/foo.jpg", "subdir/foo"), ("{.}", "sub.dir/foo.jpg", "sub.dir/foo"),
      ("{.}", "sub.dir/bar", "sub.dir/bar"), ("{.}", "bar", "bar"), ("{.}", "foo.tar.gz", "foo.tar"),
      ("{/}", "foo", "foo"), ("{/}", "/", ""), ("{//}", "foo.jpg", "."), ("{//}", "/foo", "/"), ("{//}", "/", "/"),
      ("{//}", "a/b/", "a"), ("{//}", "a//b", "a"), ("{//}", "", "."), ("{/.}", "sub.dir/bar", "bar"),
    ])
  func takesPartsOfAPath(_ replacement: String, of input: String, expected: String) throws {
    #expect(try expand(["echo", replacement], [input]) == ["echo", expected])
  }

  @Test("Tasks and slots are numbered")
  func numbersTasksAndSlots() throws {
    #expect(try expand(["echo", "{#}:{%}"], ["x"], sequence: 12, slot: 3) == ["echo", "12:3"])
  }

  @Test("Tasks are told their number of threads")
  func tellsTasksTheirThreads() throws {
    var template = try CommandTemplate(["fit", "-t{threads}"].map { Array($0.utf8) })
    let arguments = {
      template.arguments(for: [Array("a".utf8)], sequence: 1, slot: 1).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(template.namesThreads)
    // It is no input: that follows all the same.
    #expect(arguments() == ["fit", "-t1", "a"])
    template.setThreads(4)
    #expect(arguments() == ["fit", "-t4", "a"])
  }

  @Test("Replacement strings work within an argument")
  func replacesWithinAnArgument() throws {
    #expect(try expand(["convert", "{}", "out/{/.}.{}.png"], ["a.jpg"]) == ["convert", "a.jpg", "out/a.a.jpg.png"])
  }

  @Test("The input is appended where nothing is replaced")
  func appendsTheInputWhereNothingIsReplaced() throws {
    #expect(try expand(["gzip", "-k"], ["a b"]) == ["gzip", "-k", "a b"])
    #expect(try expand(["echo", "{#}"], ["x"]) == ["echo", "1"])
    #expect(try expand(["true"], []) == ["true"])
  }

  @Test(
    "Other braces are left alone",
    arguments: [
      "{x}", "{", "}", "{ }", "{//.}", "{1x}", "{print $1}", "{a,b}", "{1..3}", "{1,2}", "{\"a\":1}",
    ])
  func leavesOtherBracesAlone(_ text: String) throws {
    #expect(try expand(["echo", text, "{}"], ["in"]) == ["echo", text, "in"])
  }

  /// GNU parallel 20221122 counts from 1, and runs Perl; here they would be handed on as they are.
  @Test(
    "What looks like a replacement string is refused",
    arguments: ["{0}", "{-0}", "{0/.}", "{= s/a/b/ =}"])
  func refusesWhatLooksLikeAReplacementString(_ text: String) {
    #expect { try expand(["echo", text, "{}"], ["in"]) } throws: { error in
      (error as? AdvisorError)?.code == .usage && ["{} {.} {/}", "Perl"].contains { "\(error)".contains($0) }
    }
  }

  @Test("A column that is not there is refused with those that are", arguments: ["{modle}", "{modle/.}", "{Model}"])
  func aColumnThatIsNotThereIsRefusedWithThoseThatAre(_ text: String) {
    #expect {
      try CommandTemplate([Array("echo".utf8), Array(text.utf8)], columns: ["model", "learning rate"])
    } throws: {
      ($0 as? AdvisorError)?.code == .usage && "\($0)".contains("{model} {learning rate}")
    }
  }

  @Test("Several inputs are named by number")
  func namesSeveralInputs() throws {
    #expect(try expand(["echo", "{2}-{1/.}"], ["d/a.c", "b"]) == ["echo", "b-a"])
    #expect(try expand(["echo", "{}"], ["a", "b"]) == ["echo", "a", "b"])
    #expect(try expand(["echo", "<{}>"], ["a", "b"]) == ["echo", "<a b>"])
    #expect(try expand(["echo"], ["a", "b"]) == ["echo", "a", "b"])
  }

  @Test("An input that is not there is refused")
  func refusesAnInputThatIsNotThere() throws {
    let template = try CommandTemplate([Array("echo".utf8), Array("{3}".utf8)])
    #expect(throws: AdvisorError.self) { try template.validate(inputs: 2) }
    #expect(throws: Never.self) { try template.validate(inputs: 3) }
  }

  @Test("Bytes that are no text are kept")
  func keepsBytesThatAreNoText() throws {
    let input: [UInt8] = [0xff, 0x0a, 0x27, 0x22, 0x20]
    let template = try CommandTemplate([Array("x".utf8), Array("a{}".utf8)])
    #expect(template.arguments(for: [input], sequence: 1, slot: 1)[1] == [0x61] + input)
  }

  @Test("A program that is the same for all tasks is known")
  func knowsAProgramThatIsTheSameForAll() throws {
    #expect(try CommandTemplate([Array("gzip".utf8)]).program == Array("gzip".utf8))
    #expect(try CommandTemplate([Array("{}".utf8)]).program == nil)
  }

  @Test("A missing command is refused")
  func refusesNoCommand() {
    #expect(throws: AdvisorError.self) { try CommandTemplate([]) }
    #expect(throws: AdvisorError.self) { try CommandTemplate([[]]) }
  }
}

@Suite struct ShellQuotingTests {
  /// What POSIX sh (and for `$'…'` bash, POSIX 2024) reads back as the same word.
  @Test(
    "Words are quoted for a shell",
    arguments: [
      ("plain-1.txt", "plain-1.txt"), ("", "''"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$(x)", "'$(x)'"),
      ("a\nb", "$'a\\nb'"), ("\u{1}1'", "$'\\0011\\''"), ("é", "é"), ("*", "'*'"), ("~", "'~'"),
    ])
  func quotes(_ word: String, as expected: String) {
    #expect(ShellQuoting.word(Array(word.utf8)) == expected)
  }

  @Test("What is no text is escaped")
  func escapesWhatIsNoText() {
    #expect(ShellQuoting.word([0x61, 0xff]) == "$'a\\377'")
    #expect(ShellQuoting.text([[0x61], [0x20]]) == "a ' '")
  }
}
