import AdvisorTestSupport
import Testing

/// Words that are a slip of the fingers, or stand where another kind of word should: each complaint ends with what to type.
@Suite("Misspelt and misplaced words") struct MisspeltWordTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test(
    "A word that is no command suggests the line that was meant",
    arguments: [
      ("cpu --why", "advisor cpus --why"), ("recomend --job cpu:8x1e6", "advisor recommend --job cpu:8x1e6"),
      ("plan que", "advisor plan queue"), ("profiles sho", "advisor profiles show"),
      ("help plan que", "advisor plan queue"),
      ("--verison", "advisor --version"), ("-v", "advisor --version"), ("version", "advisor --version"),
      ("make -j8", "advisor exec -- make -j8"), ("gzip {} ::: a.txt", "advisor run -- gzip {} ::: a.txt"),
      ("parallel gzip {} ::: a.txt", "advisor run gzip {} ::: a.txt"), ("workers", "did you mean: advisor cpus"),
      ("plan frobnicate", "advisor plan --help"), ("--frobnicate", "advisor --help"),
      ("frobnicate", "advisor --help lists them"),
      ("help frobnicate", "advisor --help"),
    ])
  func unknown(typed: String, meant: String) throws {
    let outcome = try program.shell("$ADVISOR \(typed)")
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.complaint.hasPrefix("advisor: “") && outcome.complaint.contains(meant), "\(outcome.complaint)")
  }

  @Test(
    "What the parser itself answers still reaches it",
    arguments: [
      "--version", "--help", "help", "help plan", "help plan queue", "plan", "plan --help", "profiles --json",
    ])
  func known(words: String) throws {
    #expect(try program.shell("$ADVISOR \(words)").status == 0)
  }

  @Test(
    "A file of the wrong kind says what it is and what to name instead",
    arguments: [
      ("run -- ./folder {} ::: 1", 126, "“./folder” is a folder"), ("fit folder", 65, "name a file in it"),
      ("fit binary", 65, "binary is not text"), ("plan forecast --history binary --capacity 1", 65, "is not text"),
      ("recommend --job cpu:8x1e6 --profile folder", 65, "name a file in it"),
      ("fit absent.csv", 65, "check its spelling"), ("download http://127.0.0.1/a --into d", 65, "echo URL | advisor"),
      ("run -- echo {} ::: 1 >&-", 73, "leave stdout open"),
    ])
  func wrongFiles(words: String, status: Int32, hint: String) throws {
    let outcome = try program.shell("mkdir folder; printf 'a,b\\n\\000\\001,2\\n' > binary; $ADVISOR \(words)")
    #expect(outcome.status == status && outcome.complaint.contains(hint), "\(outcome.complaint)")
  }

  @Test(
    "A place that cannot be written is refused before anything is measured or run",
    arguments: ["report --output /absent/report.html", "tune --save -- sh -c 'echo ran >&2; : {n}'"])
  func unwritable(words: String) throws {
    let outcome = try program.shell("cd /proc && $ADVISOR \(words)")
    #expect(outcome.status == 73 && outcome.output.isEmpty)
    #expect(!outcome.complaint.contains("measuring") && !outcome.complaint.contains("ran\n"), "\(outcome.complaint)")
  }

  @Test("An option of ours behind ::: is an input, and that is said; another word is none")
  func optionsAmongInputs() throws {
    let outcome = try program.shell("$ADVISOR run -k -- echo ::: 1 --workers 3")
    #expect(outcome.output == "1\n--workers\n3\n" && outcome.complaint.contains("--workers behind ::: is an input"))
    #expect(try !program.shell("$ADVISOR run -- echo ::: 1 --frobnicate").complaint.contains("is an input"))
  }
}
