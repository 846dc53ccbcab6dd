import AdvisorTestSupport
import Foundation
import Glibc
import Testing

/// What a stranger may type by mistake: each gets a message that names the fault, and the documented exit code.
@Suite("Bad input") struct BadInputTests {
  private let program: Program
  private let profile: String

  init() throws {
    program = try Program()
    profile = try program.file("profile.json", SampleProfile.json)
  }

  @Test(
    "A bad job string is shown with a caret and an example",
    arguments: ["", "cpu", "cpu:8", "cpu:8x", "cpu:0x1e6", "gpu:8x1e6", "cpu:8x1e6,cv=x", "wait:200x50"])
  func jobString(text: String) throws {
    for command in ["recommend", "run"] {
      let outcome = try program.run(command, "--profile", profile, "--job", text)
      #expect(outcome.status == 64)
      #expect(outcome.complaint.contains("^") && outcome.complaint.contains("write it like this"))
      #expect(outcome.output.isEmpty)
    }
  }

  @Test("What a machine cannot have is refused before one is measured", arguments: ["cpus=-1", "cpu=4"])
  func whatIf(change: String) throws {
    let outcome = try program.run("recommend", "--job", "cpu:8x1e6", "--what-if", change)
    #expect(outcome.status == 64 && !outcome.complaint.contains("measuring"), "\(outcome.complaint)")
  }

  @Test("An unknown strategy is refused with those that there are")
  func unknownStrategy() throws {
    let outcome = try program.run("run", "--profile", profile, "--job", "cpu:8x1e6", "--strategy", "magic")
    #expect(outcome.status == 64)
    #expect(outcome.complaint.contains("magic") && outcome.complaint.contains("threads"))
  }

  @Test(
    "A number of workers that cannot be is refused", arguments: ["-0.5", "1000000", "99999999999999999999", "two"])
  func workerCount(count: String) throws {
    let outcome = try program.run(
      "run", "--profile", profile, "--job", "cpu:2000000x1", "--strategy", "threads", "--workers=\(count)")
    #expect(outcome.status == 64)
    #expect(!outcome.complaint.isEmpty)
  }

  @Test("A strategy that does not fit the job is refused")
  func strategyThatDoesNotFitTheJob() throws {
    let outcome = try program.run("run", "--profile", profile, "--job", "cpu:8x1e6", "--strategy", "async")
    #expect(outcome.status == 64)
    #expect(outcome.complaint.contains("async"))
  }

  @Test(
    "What would be ignored is refused, with what to do",
    arguments: [
      ("--job cpu:2x1e3 --dry-run", "--dry-run"), ("--job cpu:2x1e3 --joblog l", "--joblog"),
      ("--job cpu:2x1e3 --delay 1s", "--delay"), ("--job cpu:2x1e3 -k", "--keep-order"),
      ("--engine dask --delay 1s -- echo ::: a", "leave --delay out"),
      ("--engine dask --jobserver fifo -- echo ::: a", "--jobserver"),
      ("--engine slurm --threads 2 -- echo ::: a", "--threads"),
    ])
  func ignored(words: String, named: String) throws {
    let outcome = try program.shell("$ADVISOR run \(words)")
    #expect(outcome.status == 64 && outcome.complaint.contains(named), "\(outcome.complaint)")
  }

  @Test("On an engine a call gets as many inputs as here", arguments: [("--xargs", 1), ("-m -j 2", 2), ("-X -j 2", 2)])
  func engineCalls(option: String, calls: Int) throws {
    let here = try program.shell("$ADVISOR run --dry-run -k \(option) -- echo {} ::: a b c d")
    let there = try program.shell("$ADVISOR run --engine dask --dry-run -k \(option) -- echo {} ::: a b c d")
    #expect(there.output == here.output && there.output.split(separator: "\n").count == calls, "\(there.output)")
  }

  @Test("A job is needed, and only one")
  func noJob() throws {
    #expect(try program.run("recommend").status == 64)
    #expect(try program.run("recommend", "--job", "cpu:8x1e6", "--job-file", "x").status == 64)
  }

  @Test("A damaged profile is named", arguments: ["", "{", #"{"schema": "other/1"}"#])
  func damagedProfile(text: String) throws {
    let path = try program.file("damaged.json", text)
    let outcome = try program.run("recommend", "--profile", path, "--job", "cpu:8x1e6")
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains(path))
  }

  @Test("A missing profile is named")
  func missingProfile() throws {
    let outcome = try program.run("recommend", "--profile", "/absent/profile.json", "--job", "cpu:8x1e6")
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains("/absent/profile.json"))
  }

  @Test("A truncated profile is named")
  func truncatedProfile() throws {
    let path = try program.file("cut.json", String(SampleProfile.json.prefix(SampleProfile.json.count / 2)))
    #expect(try program.run("recommend", "--profile", path, "--job", "cpu:8x1e6").status == 65)
  }

  @Test("A place that cannot be written is named")
  func unwritableOutput() throws {
    let outcome = try program.run("calibrate", "--level", "quick", "--output", "/absent/profile.json")
    #expect(outcome.status == 73)
    #expect(outcome.complaint.contains("/absent/profile.json"))
  }

  @Test(
    "A full disk is an error",
    arguments: [
      "probe", "probe --json", "--version", "--help", "help run", "run --help", "--generate-completion-script bash",
    ])
  func fullDisk(words: String) throws {
    let outcome = try program.shell("\"$ADVISOR\" \(words) > /dev/full")
    #expect(outcome.status == 73)
    #expect(outcome.complaint.contains("No space left"))
  }

  @Test("A root without the kernel's files is an error")
  func rootWithoutKernelFiles() throws {
    let outcome = try program.run("probe", "--root", program.folder)
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains(program.folder) || outcome.complaint.contains("cpu"))
  }

  @Test("A bad job file is named")
  func jobFile() throws {
    let wrong = try program.file(
      "job.json", #"{"stages": [{"kind": "cpu", "count": 8, "size": "minus one"}]}"#)
    let outcome = try program.run("recommend", "--profile", profile, "--job-file", wrong)
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains(wrong) && outcome.complaint.contains("stages.[0]"))
    #expect(try program.run("recommend", "--profile", profile, "--job-file", "/absent.json").status == 65)
  }

  @Test("What recommend writes is a job file, and so is a job string")
  func jobFiles() throws {
    let job = "io:4x20MiB,latency=30ms+cpu:4x2e6,cv=0.5"
    let advice = try program.run("recommend", "--profile", profile, "--no-history", "--job", job, "--json")
    #expect(try advice.status == 0 && advice.json()["recommended"] is NSDictionary, "\(advice.complaint)")
    for text in [advice.output, job] {
      let file = try program.file("job", text)
      let again = try program.run("recommend", "--profile", profile, "--no-history", "--job-file", file, "--json")
      #expect(again.status == 0, "\(again.complaint)")
      #expect(try again.json()["recommended"] as? NSDictionary == advice.json()["recommended"] as? NSDictionary)
    }
  }

  @Test("A suite with a line that is no job is refused before anything is measured")
  func suite() throws {
    let wrong = try program.file("suite", "cpu:8x1e6\n- wait:8x1ms\n")
    let outcome = try program.run("verify", "--suite", wrong, "--profile", profile)
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains("\(wrong), line 2") && outcome.complaint.contains("→"))
  }

  @Test("A command that does not exist is named")
  func commandThatDoesNotExist() throws {
    let outcome = try program.run("run", "--", "no-such-program", "{}", ":::", "a")
    // POSIX, Shell Command Language, 2.8.2.
    #expect(outcome.status == 127)
    #expect(outcome.complaint.contains("no-such-program"))
  }
}
