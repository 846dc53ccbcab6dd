import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

/// The pages in `docs` keep their word: every command shown runs, ends as it says, and prints what is shown, figures apart.
///
/// With `ADVISOR_UPDATE_TRANSCRIPTS` set, what is printed is written into the pages instead (`make transcripts`).
@Suite("Transcripts in the documentation") struct TranscriptTests {
  static let pages = ((try? FileManager.default.contentsOfDirectory(atPath: "\(Repository.root)/docs")) ?? [])
    .filter { $0.hasSuffix(".md") }.sorted()

  @Test("There are pages")
  func thereAreSome() { #expect(Self.pages.count >= 8) }

  @Test("Every command on a page runs, and prints what is shown", arguments: pages)
  func page(name: String) throws {
    let path = "\(Repository.root)/docs/\(name)"
    var transcript = Transcript(try String(contentsOfFile: path, encoding: .utf8))
    let sandbox = try Sandbox()
    let updates = ProcessInfo.processInfo.environment["ADVISOR_UPDATE_TRANSCRIPTS"] != nil
    for index in transcript.steps.indices {
      let step = transcript.steps[index]
      let outcome = try sandbox.run(step.command)
      #expect(outcome.status == step.status, "\(step.command)\n\(outcome.output)")
      if updates {
        transcript.steps[index].show(outcome.output.replacing(sandbox.program.folder, with: "~/.local/share"))
      } else {
        #expect(step.isShown(by: outcome.output), "\(step.command)\n\(outcome.output)")
      }
    }
    if updates { try transcript.text.write(toFile: path, atomically: true, encoding: .utf8) }
  }

  /// A folder with the files that the pages speak of, and the profile that they were made with.
  private struct Sandbox {
    let program: Program
    let server: TestServer

    init() throws {
      program = try Program()
      server = try TestServer()
      for file in try FileManager.default.contentsOfDirectory(atPath: "\(Repository.root)/docs/files") {
        try FileManager.default.copyItem(
          atPath: "\(Repository.root)/docs/files/\(file)", toPath: "\(program.folder)/\(file)")
      }
      try FileManager.default.createSymbolicLink(
        atPath: "\(program.folder)/.profile.json",
        withDestinationPath: "\(Repository.root)/profiles/amd-epyc-vm-2cpu.json")
      let urls = (1...3).map { "\(server.url)/bytes/\($0 * 10_000_000) out=part-\($0)" }
      _ = try program.file("urls.txt", urls.joined(separator: "\n") + "\n")
    }

    func run(_ command: String) throws -> Program.Outcome {
      // As a terminal shows it: both streams in the order in which they were written.
      try program.shell(
        """
        export ADVISOR_PROFILE=.profile.json
        advisor() { "$ADVISOR" "$@"; }
        { \(command)
        } 2>&1
        """)
    }
  }
}
