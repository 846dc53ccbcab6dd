import Glibc
import Testing
@testable import System
@testable import Tasks

/// States of `/proc/PID/stat` in proc_pid_stat(5): R for running, S for sleeping.
@Suite("Looks at running processes")
struct ProcessLookTests {
  @Test(
    "A task is runnable where anything that it has started is",
    arguments: [
      ("while :; do :; done", true), ("(while :; do :; done) & wait", true), ("sleep 10", false),
      ("sleep 10 & wait", false),
    ])
  func runnable(script: String, isRunnable: Bool) throws {
    let child = try ChildProcess(Launch(["/bin/sh", "-c", script], output: nil, error: nil))
    defer { child.killGroup(SIGKILL) }
    var seen: [Bool] = []
    // Until the shell has started what it is to start.
    for _ in 0..<500 where seen.suffix(3) != [isRunnable, isRunnable, isRunnable][...] {
      usleep(10_000)
      seen.append(try #require(ProcessLook.tree(of: child.id)).isRunnable)
    }
    #expect(seen.suffix(3) == [isRunnable, isRunnable, isRunnable][...])
  }
}
