import AdvisorTestSupport
import Testing

/// `--pipe` as it is typed; the meaning of its options is that of GNU parallel's manual.
@Suite struct PipeCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  private static let sums = "sh -c 'cat; echo --'"

  @Test(
    "Standard input is cut as GNU parallel cuts it, from a pipe and from a file",
    arguments: [
      ("-N 2", "1\n2\n3\n", "1\n2\n--\n3\n--\n"), ("-N2 --header :", "h\n1\n2\n3\n", "h\n1\n2\n--\nh\n3\n--\n"),
      ("-N1 --recstart '>'", ">a\nA\n>b\nB\n", ">a\nA\n--\n>b\nB\n--\n"),
      ("-N1 --recend '--\\n'", "a\n--\nb\n", "a\n--\n--\nb\n--\n"), ("--block 3", "1\n2\n3\n", "1\n2\n--\n3\n--\n"),
      ("", "1\n2\n3\n", "1\n2\n3\n--\n"), ("", "no end", "no end--\n"), ("", "", ""),
    ])
  func cut(options: String, text: String, expected: String) throws {
    let path = try program.file("data", text)
    for source in ["cat \(path) | $ADVISOR run", "< \(path) $ADVISOR run"] {
      let outcome = try program.shell("\(source) --pipe -k \(options) -- \(Self.sums)")
      #expect(outcome.output == expected && outcome.status == 0, "\(source): \(outcome.output) \(outcome.complaint)")
    }
    let part = try program.shell("$ADVISOR run --pipe-part \(path) -k \(options) -- \(Self.sums)")
    #expect(part.output == expected, "\(part.complaint)")
  }

  /// As GNU parallel's manual writes it.
  @Test(
    "--pipepart finds its file where GNU parallel has it",
    arguments: ["-k cat :::: data", "-k -a data cat"])
  func pipepart(words: String) throws {
    _ = try program.file("data", "1\n2\n3\n")
    let outcome = try program.shell("$ADVISOR run --pipepart --block 2 \(words)")
    #expect(outcome.output == "1\n2\n3\n" && outcome.status == 0, "\(outcome.complaint)")
    #expect(try program.shell("$ADVISOR run --pipe-part data cat :::: other").status == 64)
  }

  @Test("A journal knows blocks by what is in them, whether they come from a pipe or a file")
  func journal() throws {
    _ = try program.file("data", (1...20_000).map { "\($0)\n" }.joined())
    let run = "$ADVISOR run --pipe --block 20k --journal j --resume -- wc -l"
    let counts = try ["cat data | \(run)", "\(run) < data", "sed s/20000/20001/ data | \(run)"].map {
      try program.shell($0).output.split(separator: "\n").count
    }
    #expect(counts == [6, 0, 1])
  }

  @Test(
    "What makes no sense together is refused",
    arguments: [
      "--pipe --pipe-part f -- cat", "--pipe --inputs f -- cat", "--pipe -- cat ::: a", "--recend x -- cat",
      "--round-robin -- cat", "--pipe --round-robin --retries 2 -- cat", "--pipe --block 5TB -- cat",
      "--pipe --header '[a-z]' -- cat", "--pipe -N 0 -- cat", "--pipe --batch 2 -- cat",
    ])
  func refused(words: String) throws {
    #expect(try program.shell("echo | $ADVISOR run \(words)").status == 64)
  }

  @Test("The reader's end is the end of the run, and no error of the writer's")
  func closedOutput() throws {
    let outcome = try program.shell("yes | $ADVISOR run --pipe --block 10k -- cat | head -n 1")
    #expect(outcome.output == "y\n")
  }
}
