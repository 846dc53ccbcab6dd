import AdvisorTestSupport
import Transfer

/// The program's own test server: `/bytes/COUNT` answers COUNT bytes.
final class TestServer {
  let url: String
  private let process: LoopbackServerProcess

  init() throws {
    process = try LoopbackServerProcess.start(executable: BuiltProgram.path)
    url = "http://127.0.0.1:\(process.port)"
  }
}
