import AdvisorTestSupport
import Foundation
import Testing

/// The small program in front: what it answers itself, and how it finds the other.
@Suite("The program in front") struct FrontProgramTests {
  private let program: Program
  private let commands = BuiltProgram.path + "-commands"

  init() throws { program = try Program() }

  @Test("The front program answers as the commands do", arguments: ["probe", "--version"])
  func answersAsTheCommandsDo(word: String) throws {
    // What is free changes from probe to probe.
    let line =
      "\(commands) \(word) >theirs && $ADVISOR \(word) >ours && sed -i 's/[0-9.]* GiB//g; s/ *$//' ours theirs && diff ours theirs"
    let outcome = try program.shell(line)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
  }

  @Test("The commands are found through a link")
  func findsTheCommandsThroughALink() throws {
    let outcome = try program.shell("ln -s $ADVISOR called-otherwise && ./called-otherwise recommend --help")
    #expect(outcome.output.contains("USAGE: advisor recommend"))
  }

  @Test("The commands are found where they are installed")
  func findsTheCommandsWhereTheyAreInstalled() throws {
    let install =
      "mkdir -p usr/bin usr/libexec/advisor && cp $ADVISOR usr/bin/ && ln -s \(commands) usr/libexec/advisor/"
    let outcome = try program.shell("\(install) && PATH=$PWD/usr/bin:$PATH advisor recommend --help")
    #expect(outcome.output.contains("USAGE: advisor recommend"))
  }

  @Test("A front program that stands alone says what is missing")
  func saysWhatIsMissingWhereItStandsAlone() throws {
    let outcome = try program.shell("cp $ADVISOR alone && ./alone probe >/dev/null && ./alone recommend")
    #expect(outcome.status == 69)
    #expect(outcome.complaint.contains("/advisor-commands"))
    #expect(outcome.complaint.contains("make install"))
  }
}
