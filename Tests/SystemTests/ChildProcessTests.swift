import AdvisorCore
import Glibc
import Testing
@testable import System

@Suite struct ChildProcessTests {
  /// Runs a shell script and returns how it ended, with what it wrote.
  private func shell(_ script: String, _ change: (inout Launch) -> Void = { _ in }) throws -> (Exit, String) {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    var launch = Launch(["/bin/sh", "-c", script], output: ends[1])
    change(&launch)
    let child = try ChildProcess(launch)
    close(ends[1])
    let exit = child.wait()
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = max(0, read(ends[0], &buffer, buffer.count))
    return (exit, String(decoding: buffer[..<count], as: UTF8.self))
  }

  @Test(
    "How it ended is told",
    arguments: [
      ("exit 0", Exit.Status.exited(0)),
      ("exit 7", .exited(7)),
      ("kill -TERM $$", .killed(signal: SIGTERM)),
      ("kill -KILL $$", .killed(signal: SIGKILL)),
    ])
  func ending(script: String, expected: Exit.Status) throws {
    #expect(try shell(script).0.status == expected)
  }

  @Test("The child finds its arguments, environment and directory")
  func surroundings() throws {
    let (_, text) = try shell("echo $0 $A; pwd") {
      $0.environment = ["A=b c"]
      $0.directory = "/usr"
    }
    #expect(text == "/bin/sh b c\n/usr\n")
  }

  @Test("The child has three descriptors and no blocked or ignored signal")
  func descriptorsAndSignals() throws {
    let previous = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, previous) }
    let extra = open("/dev/null", O_RDONLY)
    defer { close(extra) }
    let (_, text) = try shell("ls /proc/self/fd; grep SigBlk /proc/self/status")
    // `ls` itself opens the folder as 3.
    #expect(text == "0\n1\n2\n3\nSigBlk:\t0000000000000000\n")
    let (_, ignored) = try shell("grep SigIgn /proc/self/status | cut -f 2")
    // Signals 32 and 33 are the C library's own, and as whoever started us has left them.
    let signals = try #require(UInt64(ignored.split(separator: "\n").first ?? "", radix: 16))
    #expect(signals & ~(3 << 31) == 0)
  }

  @Test("CPU time is the child's")
  func cpuTime() throws {
    let (exit, _) = try shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done")
    #expect(exit.cpuSeconds > 0.01)
  }

  @Test("A program that is not there is named")
  func absentProgram() throws {
    let error = #expect(throws: AdvisorError.self) { _ = try ChildProcess(Launch(["no-such-program"])) }
    #expect(error?.code == .unavailable)
    #expect(error?.problem == "cannot start “no-such-program”: No such file or directory")
  }

  @Test("A dropped child ends, with all that it started")
  func dropped() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    do {
      let child = try ChildProcess(Launch(["/bin/sh", "-c", "sleep 600 & sleep 600"], output: ends[1]))
      let ended = child.ends(within: .milliseconds(20))
      #expect(!ended)
    }
    close(ends[1])
    // The end of the pipe: no descendant holds it open any more.
    var byte: UInt8 = 0
    #expect(read(ends[0], &byte, 1) == 0)
    close(ends[0])
  }
}
