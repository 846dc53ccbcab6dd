import AdvisorTestSupport
import System
import Testing

@testable import Observation

/// The expected figures are those of wait4(2), which the kernel counts itself.
@Suite("Observed runs", .serialized)
struct CommandObserverTests {
  private static let loop = "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done"

  private func run(_ script: String) throws -> ObservedRun {
    try CommandObserver(Launch(["sh", "-c", script], output: nil, ownGroup: true)).run()
  }

  @Test("Samples see the CPU time that the kernel counts, within what passes between two of them")
  func oneProcess() throws {
    let run = try run(Self.loop)
    #expect(run.exit.succeeded)
    #expect(run.cpuSeconds >= run.exit.cpuSeconds)
    let seen = run.profile.threads.running
    #expect(seen > 0.6 * run.exit.cpuSeconds && seen < 1.1 * run.exit.cpuSeconds + 0.05)
  }

  @Test("Children count, and what the shell spends waiting for them does not")
  func children() throws {
    let run = try run("(\(Self.loop)) & (\(Self.loop)) & wait")
    #expect(run.profile.processes.count >= 2)
    #expect(run.profile.wall.idle < 0.3 * run.profile.wall.sum)
    #expect(run.profile.runnable.count >= 3)
  }

  @Test("What has lost its parent still counts")
  func orphans() throws {
    let run = try run("(sh -c '\(Self.loop)' &) ; sleep 1")
    #expect(run.profile.threads.running > 0.05)
  }

  @Test("A sleep is no work") func sleep() throws {
    let run = try run("sleep 0.5")
    #expect(run.profile.wall.sleep > 0.7 * run.profile.wall.sum)
    #expect(run.cpuSeconds < 0.3)
  }

  @Test("How the command ends is handed on")
  func exit() throws {
    #expect(try run("exit 7").exit.status == .exited(7))
    #expect(try run("kill -9 $$").exit.status == .killed(signal: 9))
  }

  @Test("The watcher's signal reaches the command")
  func signal() throws {
    let observer = CommandObserver(Launch(["sleep", "60"], output: nil))
    let run = try observer.run { $0.seconds > 0.2 ? Signal.terminate : nil }
    #expect(run.exit.status == .killed(signal: Signal.terminate))
  }

  @Test("Processes that come and go by the thousand are no reason to stop")
  func forks() throws {
    let run = try run("i=0; while [ $i -lt 500 ]; do (:); i=$((i+1)); done")
    #expect(run.exit.succeeded)
  }

  @Test(
    "What cannot be observed is an error that says why",
    arguments: [(Int32(2), "kernel"), (Int32.max, "no process")])
  func faults(_ process: Int32, _ word: String) {
    #expect { _ = try TreeSampler(root: process) } throws: { "\($0)".contains(word) }
  }
}
