import AdvisorCore
import AdvisorTestSupport
import Testing
@testable import System
@testable import Tasks

/// Tokens of our own job server, which programs take and give back (GNU make manual, “POSIX Jobserver Interaction”).
@Suite("Job server") struct JobServerTests {
  private func tokens(_ server: JobServer) -> Int? { OpenFile.waitingBytes(server.descriptor) }

  @Test("There is a token for each job beside the first", arguments: JobServer.Style.allCases)
  func count(style: JobServer.Style) throws {
    let (server, flags) = try JobServer.serve(jobs: 3, style)
    #expect(tokens(server) == 2 && server.take() != nil && server.take() != nil && server.take() == nil)
    #expect(flags.hasPrefix("-j3 --jobserver-auth="))
  }

  @Test("What a killed program had taken is made up for once no task runs, and no more than that")
  func lost() throws {
    let (server, _) = try JobServer.serve(jobs: 3, .pipe)
    _ = server.take()
    server.replaceLost()
    server.replaceLost()
    #expect(tokens(server) == 2)
  }

  @Test("A task that is killed with all tokens leaves room for others beside each other")
  func killedTask() throws {
    let gate = try TemporaryFolder()
    let (server, _) = try JobServer.serve(jobs: 3, .pipe)
    let meets = ": > $1; while [ ! -e b ] || [ ! -e c ]; do sleep 0.01; done"
    let takes = "head -c 2 <&\(server.inherited[0]) > a; kill -9 $$"
    let (summary, _) = try runCommand(
      ["sh", "-c", "[ $1 = a ] || { \(meets); exit; }; \(takes)", "x"], [["a", "b", "c"]], workers: 1
    ) { options in
      options.directory = gate.path
      options.timeout = .seconds(60)
      options.jobServer = server
      // One while the first takes them, then three.
      options.currentWorkers = { 3 }
    }
    #expect(summary.progress.succeeded == 2 && summary.progress.failed == 1)
    #expect(tokens(server) == 2)
  }
}
