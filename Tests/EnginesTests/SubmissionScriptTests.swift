import AdvisorCore
import AdvisorTestSupport
import Foundation
import Testing
@testable import Engines
@testable import System
@testable import Tasks

/// What is written to be submitted by hand does the job when a shell or Python runs it.
@Suite struct SubmissionScriptTests {
  static func script(_ words: [String], _ inputs: [[UInt8]], chunk: Int = 1) throws -> SubmissionScript {
    try SubmissionScript(
      .command(CommandTemplate(words.map { Array($0.utf8) })), TaskInputs(lists: [InputList(inputs)]), chunk: chunk,
      title: "a job")
  }

  /// As Slurm runs an array task: what it printed, and its status.
  static func runElement(_ index: Int, of script: String) throws -> (output: [UInt8], status: Int32) {
    let run = try ProgramRun(
      ["bash", "-c", script], environment: ["SLURM_ARRAY_TASK_ID": "\(index)", "PATH": "/usr/bin:/bin"])
    return (run.output, run.status)
  }

  @Test("An element does its chunk")
  func anElementDoesItsChunk() throws {
    let text = try Self.script(["echo", "got", "{}"], ["a", "b", "c"].map { Array($0.utf8) }, chunk: 2).slurm()
    #expect(text.contains("#SBATCH --array=0-1\n"))
    #expect(try Self.runElement(0, of: text) == (Array("got a\ngot b\n".utf8), 0))
    #expect(try Self.runElement(1, of: text) == (Array("got c\n".utf8), 0))
  }

  @Test("Any bytes reach the task", arguments: ["a b", "it's", "$HOME `x` \\", "new\nline", "ä", "\u{1}"])
  func quoting(input: String) throws {
    let text = try Self.script(["printf", "%s", "{}"], [Array(input.utf8)]).slurm()
    #expect(try Self.runElement(0, of: text).output == Array(input.utf8))
  }

  @Test("Bytes that are no text reach it")
  func bytesThatAreNoTextReachIt() throws {
    let text = try Self.script(["printf", "%s", "{}"], [[0xFF, 0x61]]).slurm()
    #expect(try Self.runElement(0, of: text).output == [0xFF, 0x61])
    #expect(try Self.script(["printf", "{}"], [[0xFF, 0x61]]).dask().contains(#"["printf", b"\xffa"]"#))
  }

  @Test("A failing task fails its element after the others")
  func aFailingTaskFailsItsElementAfterTheOthers() throws {
    let text = try Self.script(["sh", "-c", "echo {}; exit {}"], ["0", "3", "0"].map { Array($0.utf8) }, chunk: 3)
      .slurm()
    #expect(try Self.runElement(0, of: text) == (Array("0\n3\n0\n".utf8), 1))
  }

  @Test(
    "A call that fails, or ends its interpreter, fails alone",
    arguments: [
      "raise ValueError(x)", "raise SystemExit(3)", "raise KeyboardInterrupt", "os._exit(0)", "os.kill(os.getpid(), 9)",
      "raise ValueError('bad \\udcff name')", "return {1}", "return 1", "sys.stdout.close()",
    ])
  func callsFailAlone(statement: String) throws {
    let module = try TestModule()
    try module.add("calls", "import os, sys\ndef f(x):\n  if x == 2: \(statement)\n  return x")
    try module.add("json", "raise SystemExit('not that of Python')")
    let values = (1...9).map { Array("\($0)".utf8) }
    let text = try SubmissionScript(
      .function("calls:f"), TaskInputs(lists: [InputList(values)]), chunk: 9, title: "t"
    ).slurm(interpreter: TestPython.path ?? "python3")
    let (output, status) = try Self.runElement(0, of: "cd \(module.folder)\n" + text)
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").filter { $0 != "2" }
    let fails = !["return 1", "sys.stdout.close()"].contains(statement)
    #expect(lines.filter { $0 != "1" }.joined() == "3456789" && lines.first == "1", "\(lines)")
    #expect(status == (fails ? 1 : 0))
  }

  @Test("A module that cannot be imported fails its element")
  func aModuleThatCannotBeImportedFailsItsElement() throws {
    let text = try SubmissionScript(
      .function("nosuchmodule:f"), TaskInputs(lists: [InputList([[49]])]), chunk: 1, title: "t"
    ).slurm(interpreter: TestPython.path ?? "python3")
    #expect(try Self.runElement(0, of: text).status == 1)
  }

  @Test("What Slurm would not take is refused")
  func whatSlurmWouldNotTakeIsRefused() throws {
    let many = try Self.script(["true", "{}"], (0..<2500).map { Array("\($0)".utf8) })
    #expect { try many.slurm() } throws: { ($0 as? AdvisorError)?.advice.contains("--chunk 3") == true }
    let large = try Self.script(["true", "{}"], [[UInt8](repeating: 97, count: 5 << 20)])
    #expect { try large.slurm() } throws: { ($0 as? AdvisorError)?.code == .usage }
  }

  @Test("A program of Dask's names its scheduler and no other")
  func aProgramOfDasksNamesItsSchedulerAndNoOther() throws {
    let script = try Self.script(["gzip", "{}"], ["a", "b \"c\""].map { Array($0.utf8) }, chunk: 2)
    #expect(script.dask().contains("LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None)"))
    #expect(script.dask().contains(#"[["gzip", "a"], ["gzip", "b \"c\""]],"#))
    var options = DaskOptions()
    options.scheduler = "tls://h:8786"
    options.certificates = .init(authority: "ca", certificate: "c", key: "k")
    options.resources = ["GPU=1"]
    let text = script.dask(options)
    #expect(text.contains("Client(\"tls://h:8786\", security=security)") && !text.contains("LocalCluster"))
    #expect(text.contains("tls_ca_file=\"ca\"") && text.contains("resources={\"GPU\": 1}"))
  }

  @Test("A built-in job is done by the program")
  func aBuiltInJobIsDoneByTheProgram() throws {
    let numbers = (0..<3).map { Array("\($0)".utf8) }
    let script = try SubmissionScript(
      .builtIn(Job("cpu:3x1e3")), TaskInputs(lists: [InputList(numbers)]), chunk: 2, title: "t",
      program: "/p/advisor")
    #expect(try script.slurm().contains("/p/advisor __tasks cpu:3x1000 0,1 || failed=1"))
  }
}
