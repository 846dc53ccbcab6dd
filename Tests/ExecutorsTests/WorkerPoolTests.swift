import AdvisorCore
import AdvisorTestSupport
import Glibc
import Probe
import Testing
import Workloads
@testable import Executors
@testable import System

/// Worker processes that die, and programs that are no workers.
@Suite(.serialized) struct WorkerPoolTests {
  /// Kills each new worker of a run as soon as it is at work, at most a number of times.
  private func observeKilling(
    _ times: Int, _ job: String, workers: Int
  ) async throws -> (observation: JobRun, killed: Int) {
    let ended = Cancellation()
    // A process that waits for a CPU in order to die can be killed again.
    let killed = Monitor<Set<Int32>>([])
    let killer = try WorkerThread {
      while !ended.isCancelled, killed.withLock({ $0.count }) < times {
        MonotonicClock.sleep(until: MonotonicClock.now + 5_000_000)
        for worker in Self.busyWorkers() where kill(worker, SIGKILL) == 0 {
          killed.withLock { _ = $0.insert(worker) }
          break
        }
      }
    }
    defer {
      ended.cancel()
      killer.join()
    }
    let observation = try await observe(job, Plan(strategy: .processes, workers: workers))
    return (observation, killed.withLock { $0.count })
  }

  /// Worker processes of this one that run a task: their start has never taken a quarter of a second of CPU time.
  private static func busyWorkers() -> [Int32] {
    children().filter { id in
      statistics(of: id).map { $0[10] + $0[11] >= 25 && $0[0] == getpid() } ?? false
    }
  }

  @Test("A worker that is killed is replaced, and its task run again")
  func killedWorker() async throws {
    let (observation, killed) = try await observeKilling(2, "cpu:2x600ms", workers: 2)
    #expect(killed == 2)
    #expect(observation.replacedWorkers == 2)
    #expect(observation.tasks == 2 && observation.failed == 0)
  }

  @Test("A task whose worker dies again and again counts as failed")
  func deadlyTask() async throws {
    let (observation, killed) = try await observeKilling(.max, "cpu:1x60s", workers: 1)
    #expect(killed == 1 + WorkerPool.maxReruns)
    #expect(observation.tasks == 1 && observation.failed == 1)
    #expect(
      observation.failures == [
        TaskFailure(task: 0, reason: "its worker process was killed by signal 9 (Killed) each of 4 times")
      ])
  }

  @Test("No worker is left behind")
  func nothingLeft() async throws {
    _ = try await observe("cpu:4x1000", Plan(strategy: .processes, workers: 3))
    #expect(Self.children().isEmpty)
  }

  @Test("A program that is no worker is named", arguments: [("/bin/true", "status 0"), ("/bin/false", "status 1")])
  func noWorkerProgram(program: String, words: String) async throws {
    let error = await #expect(throws: AdvisorError.self) {
      try await observe("cpu:1x1", Plan(strategy: .processes, workers: 1), workerProgram: program)
    }
    #expect(error?.problem == "a worker process (\(program) __worker) ended with \(words) before it was ready")
  }

  @Test("Workers are told by their environment that they are, so that they start no others")
  func environmentMark() async throws {
    let seen = try TemporaryFile()
    let host = try TemporaryFile("#!/bin/sh\necho $ADVISOR_WORKER >\(seen.path)\n")
    chmod(host.path, 0o700)
    await #expect(throws: AdvisorError.self) {
      try await observe("cpu:1x1", Plan(strategy: .processes, workers: 1), workerProgram: host.path)
    }
    #expect(seen.text == "1\n")
  }

  @Test("A program that is not there is named")
  func absentProgram() async throws {
    let error = await #expect(throws: AdvisorError.self) {
      try await observe("cpu:1x1", Plan(strategy: .processes, workers: 1), workerProgram: "/no/such/program")
    }
    #expect(error?.problem == "cannot start “/no/such/program”: No such file or directory")
  }

  @Test("Workers run where the plan says")
  func placement() async throws {
    let cpu = try #require(try Affinity.current().last)
    // Seen from outside: the kernel's own list of where each child may run.
    let seen = Monitor<Set<String>>([])
    let ended = Cancellation()
    let observer = try WorkerThread {
      while !ended.isCancelled {
        for worker in Self.busyWorkers() {
          let list = text(of: "/proc/\(worker)/status").split(separator: "\n").first {
            $0.hasPrefix("Cpus_allowed_list:")
          }
          seen.withLock { _ = $0.insert(String(list?.dropFirst("Cpus_allowed_list:\t".count) ?? "?")) }
        }
        MonotonicClock.sleep(until: MonotonicClock.now + 5_000_000)
      }
    }
    defer {
      ended.cancel()
      observer.join()
    }
    _ = try await observe("cpu:2x500ms", Plan(strategy: .processes, workers: 1, cpus: [cpu]))
    #expect(seen.withLock { $0 } == ["\(cpu)"])
  }

  /// The ids of the worker processes that this one has started and not yet reaped.
  private static func children() -> [Int32] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found: [Int32] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      guard let id = Int32(name), statistics(of: id)?[0] == getpid(),
        text(of: "/proc/\(id)/cmdline").contains(WorkerProcess.argument)
      else { continue }
      found.append(id)
    }
    return found
  }

  /// The numbers of `/proc/ID/stat` from the parent's id on: proc(5) counts it as field 4, so that user and system time in
  /// clock ticks are 10 and 11 after it.
  private static func statistics(of id: Int32) -> [Int32]? {
    let fields = text(of: "/proc/\(id)/stat").split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 14 else { return nil }
    return fields.dropFirst().map { Int32(truncatingIfNeeded: Int($0) ?? 0) }
  }
}

/// The beginning of a file of the kernel's; empty where it is gone.
private func text(of path: String) -> String {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { return "" }
  defer { close(descriptor) }
  var buffer = [UInt8](repeating: 0, count: 8192)
  let count = read(descriptor, &buffer, buffer.count)
  return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
}
