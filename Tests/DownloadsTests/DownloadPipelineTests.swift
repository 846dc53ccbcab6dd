import AdvisorTestSupport
import AdvisorCore
import FoundationEssentials
import Glibc
import Testing
@testable import Downloads
@testable import Tasks

/// Downloads with a command that processes each file.
@Suite struct DownloadPipelineTests {
  private final class Watch: DownloadObserver, RunObserver {
    var files = 0
    var tasks: [TaskOutcome] = []

    func downloadEnded(_ outcome: DownloadOutcome) { files += 1 }
    func taskEnded(_ outcome: TaskOutcome) { tasks.append(outcome) }
    func failedBefore(_ text: String) {}
    func progressed(_ progress: DownloadProgress) {}
    func progressed(_ progress: RunProgress) {}
  }

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func process(
    _ lines: [String], _ command: [String], _ change: @escaping @Sendable (inout TaskOptions) -> Void = { _ in }
  ) async throws -> (summary: DownloadPipeline.Summary, files: Int, tasks: [TaskOutcome]) {
    var options = DownloadOptions()
    options.retryDelaySeconds = 0.001
    options.resume = true
    options.workers = 8
    let list = try DownloadList(text: lines.joined(separator: "\n"), from: "a list")
    let downloads = try list.downloads(resumedIn: folder.path)
    return try await onThread { [options, folder] () throws(AdvisorError) in
      let watch = Watch()
      var commandOptions = TaskOptions()
      commandOptions.grouping = .none
      change(&commandOptions)
      let summary = try DownloadPipeline(downloads, into: folder.path, options).run(
        CommandTemplate(command.map { Array($0.utf8) }), commandOptions, observer: watch)
      return (summary, watch.files, watch.tasks)
    }
  }

  @Test("Each file is processed once, when it is whole")
  func eachFile() async throws {
    let server = try FaultServer { .init(200, Array($0.path.utf8)) }
    let (summary, files, tasks) = try await process((0..<60).map { server.url("/f\($0)") }, ["mv", "{}", "{}.done"])
    #expect(summary.exitStatus == 0 && files == 60 && tasks.count == 60)
    #expect(
      folder.files == Dictionary(uniqueKeysWithValues: (0..<60).map { ("f\($0).done", Array("/f\($0)".utf8)) }))
  }

  @Test("What was processed before does not come again, though the command has removed it", arguments: [false, true])
  func processedBefore(isLogged: Bool) async throws {
    let server = try FaultServer { .init(200, Array($0.path.utf8)) }
    let lines = ["/a/x", "/b/x", "/c"].map { server.url($0) }
    let kept = try TemporaryFolder()
    let path = "\(kept.path)/kept"
    let script = ["sh", "-c", "rm {} && test {/} != c"]
    let keep: @Sendable (inout TaskOptions) -> Void = { options in
      options.resume = .succeeded
      if isLogged { options.jobLog = path } else { options.journal = path }
    }
    let first = try await process(lines, script, keep)
    #expect(first.summary.commands.progress.succeeded == 2 && server.requests.count == 3)
    // One more in front, and what has failed.
    let (summary, _, tasks) = try await process([server.url("/x")] + lines, script, keep)
    #expect(Set(server.requests.dropFirst(3).map(\.path)) == ["/x", "/c"])
    #expect(tasks.count == 2 && summary.commands.progress.skipped == 2)
    #expect(folder.files.isEmpty)
  }

  @Test("A failure of either stage is one of the whole, and the others go on")
  func failures() async throws {
    let server = try FaultServer { .init($0.path == "/gone" ? 404 : 200, [1]) }
    let lines = ["gone", "a", "b"].map { server.url("/\($0)") }
    let gone = try await process(lines, ["true", "{}"])
    #expect(gone.summary.exitStatus == 1 && gone.files == 3 && gone.tasks.count == 2)
    let failing = try await process(Array(lines.dropFirst()), ["test", "{/}", "=", "a"])
    #expect(failing.summary.exitStatus == 1)
    #expect(failing.tasks.count { $0.succeeded } == 1 && failing.tasks.count == 2)
  }

  @Test("Downloads hold back where the command does not keep up")
  func backPressure() async throws {
    let server = try FaultServer { _ in .init(200, [1]) }
    let lines = (0..<100).map { server.url("/\($0)") }
    let script = "files=$(ls \(folder.path) | wc -l); rm {} && test $files -lt 40 || { echo $files files; false; }"
    let (summary, files, tasks) = try await process(lines, ["sh", "-c", script]) {
      $0.workers = 2
      $0.grouping = .tasks
    }
    #expect(summary.exitStatus == 0 && files == 100 && tasks.count == 100, "\(summary.downloads)")
    let failed = tasks.filter { !$0.succeeded }
    #expect(failed.isEmpty, "no more files wait than two workers want next, and those in flight")
  }

  @Test("A command that is halted ends the downloads")
  func halt() async throws {
    let server = try FaultServer { _ in .init(200, [1], delaySeconds: 0.002) }
    let lines = (0..<500).map { server.url("/\($0)") }
    let (summary, files, _) = try await process(lines, ["false", "{}"]) {
      $0.halt = RunHalt(.soon, .fail, .count(1))
    }
    #expect(summary.exitStatus == 1 && files < 500)
  }

  @Test("A folder that cannot be made ends the run with its reason")
  func noFolder() async throws {
    let list = try DownloadList(text: "http://127.0.0.1:1/x", from: "a list")
    await #expect(throws: AdvisorError.self) {
      try await onThread { () throws(AdvisorError) in
        try DownloadPipeline(list.downloads, into: "/dev/null/x", DownloadOptions()).run(
          CommandTemplate([Array("true".utf8)]), TaskOptions(), observer: Watch())
      }
    }
  }
}
