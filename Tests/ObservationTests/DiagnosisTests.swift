import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import Observation

/// What was measured of seeded programs on a machine of two CPUs, by a script that reads /proc and knows nothing of this module:
/// threads on average by state, run and queue seconds of all of them, the seconds in which none, one, two … were runnable.
struct Seeded: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var seconds: Double
  var run: Double
  var queue: Double
  var runnable: [Double]
  var expected: CauseCode
  var change: (@Sendable (inout TreeProfile) -> Void)?

  init(
    _ name: String, _ expected: CauseCode, seconds: Double, run: Double, queue: Double, runnable: [Double],
    _ change: (@Sendable (inout TreeProfile) -> Void)? = nil
  ) {
    testDescription = name
    (self.seconds, self.run, self.queue, self.runnable, self.expected) = (seconds, run, queue, runnable, expected)
    self.change = change
  }

  var profile: TreeProfile {
    var profile = TreeProfile()
    profile.seconds = seconds
    profile.cpuSeconds = run
    profile.samples = 100
    profile.runnable = runnable.map { $0 * seconds }
    (profile.threads.running, profile.threads.queue) = (run, queue)
    let process = ProcessProfile(id: 1, name: "seed", threads: [thread(1, run)])
    profile.processes = [process]
    change?(&profile)
    profile.wall = ProfileBuilder.wall(profile.threads, span: seconds)
    return profile
  }

  var observation: Observation { Observation(profile, Observation.Setting(target: "seed", cpus: 2)) }
}

private func thread(_ id: Int32, _ run: Double, brief: Double = 0, lock: Double = 0, queue: Double = 0) -> ThreadProfile
{
  var thread = ThreadProfile(id: id)
  (thread.time.running, thread.time.lock, thread.time.queue) = (run, lock, queue)
  thread.briefConditionSeconds = brief
  thread.slices = 1000
  return thread
}

private func shared(_ profile: inout TreeProfile, among count: Int) {
  let each = profile.threads.running / Double(count)
  profile.processes[0].threads = (1...count).map { thread(Int32($0), each) }
}

private func quota(_ profile: inout TreeProfile, cpus: Double, throttled: Double) {
  var (first, last) = (Surroundings(), Surroundings())
  let file = "/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us"
  first.quota = .init(
    cpus: cpus, periodSeconds: 0.1, periods: 0, throttledPeriods: 0, throttledSeconds: 0, source: file)
  last.quota = .init(
    cpus: cpus, periodSeconds: 0.1, periods: 25, throttledPeriods: 24, throttledSeconds: throttled, source: file)
  (profile.first, profile.last, profile.firstQuota) = (first, last, first.quota)
}

@Suite("What binds")
struct DiagnosisTests {
  static let seeds = [
    Seeded("two threads in half a CPU", .quota, seconds: 2.5, run: 1.25, queue: 3.54, runnable: [0.01, 0.02, 0.97]) {
      quota(&$0, cpus: 0.5, throttled: 3.4)
      shared(&$0, among: 2)
    },
    Seeded("as many busy neighbours", .runQueue, seconds: 3.45, run: 2.67, queue: 4.06, runnable: [0, 0.03, 0.97]) {
      shared(&$0, among: 2)
    },
    Seeded("one thread and twice as many neighbours", .runQueue, seconds: 3.42, run: 1, queue: 2.35, runnable: [0, 1]),
    Seeded("one thread of a query", .singleThread, seconds: 4.86, run: 4.65, queue: 0.19, runnable: [0, 1]),
    Seeded("the end of a queue", .singleThread, seconds: 2.59, run: 2.68, queue: 0.4, runnable: [0, 0.81, 0.19]) {
      $0.processes[0].threads = [thread(1, 2.5), thread(2, 0.06), thread(3, 0.06), thread(4, 0.06)]
      $0.threads.idle = 7
    },
    Seeded("rounds with 40 % alone", .serialPart, seconds: 2.88, run: 3.33, queue: 0.58, runnable: [0, 0.59, 0.41]) {
      $0.processes[0].threads = [thread(1, 2.3), thread(2, 1.03)]
    },
    Seeded(
      "Python's loops in threads", .interpreterLock, seconds: 3.37, run: 2.94, queue: 2.62,
      runnable: [0, 0.5, 0.42, 0.08]
    ) {
      $0.processes[0].isPython = true
      $0.processes[0].threads = (1...4).map { thread(Int32($0), 0.735, brief: 0.97, lock: 0.06, queue: 0.65) }
      $0.threads.lock = 0.24
      $0.threads.idle = 10
    },
    Seeded("a mutex", .lock, seconds: 3.02, run: 2.7, queue: 2.4, runnable: [0, 0.35, 0.6, 0.05]) {
      shared(&$0, among: 4)
      $0.threads.lock = 2.24 * 3.02
    },
    Seeded("a disk of few operations", .disk, seconds: 3.37, run: 0.19, queue: 0.4, runnable: [0.85, 0.15]) {
      $0.threads.disk = 0.87 * 3.37
      $0.threads.sleep = 0.85 * 3.37
    },
    Seeded("a peer that takes its time", .network, seconds: 3.01, run: 0.14, queue: 0.26, runnable: [0.9, 0.1]) {
      $0.threads.network = 3.77 * 3.01
    },
    Seeded(
      "four Python threads and a slow peer", .network, seconds: 3.01, run: 0.14, queue: 0.26, runnable: [0.9, 0.1]
    ) {
      $0.threads.network = 3.77 * 3.01
      $0.processes[0].isPython = true
      $0.processes[0].threads = (1...4).map { thread(Int32($0), 0.035, brief: 0.06, queue: 0.065) }
    },
    Seeded(
      "pages of a file in too little memory", .memoryPressure, seconds: 3.72, run: 2.01, queue: 0.35,
      runnable: [0.3, 0.7]
    ) {
      $0.threads.disk = 0.29 * 3.72
      $0.majorFaults = 37_824
      $0.kernelSeconds = 1.6
      $0.last = Surroundings()
      $0.last?.memory = .init(limitBytes: 32 << 20, usedBytes: 32 << 20, hits: 900, source: "/x/memory.limit_in_bytes")
      $0.firstMemory = .init(limitBytes: 32 << 20, usedBytes: 1 << 20, hits: 0, source: "/x/memory.limit_in_bytes")
    },
    Seeded(
      "sixteen that spin", .oversubscription, seconds: 4.57, run: 7.21, queue: 65.14,
      runnable: Array(repeating: 0, count: 16) + [1]
    ) {
      shared(&$0, among: 16)
    },
    Seeded("two on one CPU by affinity", .affinity, seconds: 2.66, run: 2.53, queue: 2.73, runnable: [0, 0, 1]) {
      $0.allowed = [0]
      shared(&$0, among: 2)
    },
    Seeded("two threads on two CPUs", .healthy, seconds: 3.11, run: 5.03, queue: 1, runnable: [0, 0.06, 0.94]) {
      shared(&$0, among: 2)
    },
    Seeded("short processes by the thousand", .healthy, seconds: 5, run: 0.4, queue: 9, runnable: [0, 0, 1]) {
      shared(&$0, among: 2)
      $0.cpuSeconds = 9.8
      ($0.first, $0.last) = (Surroundings(), Surroundings())
      $0.first?.busySeconds = 100
      $0.last?.busySeconds = 110
    },
    Seeded("what keeps a beat", .healthy, seconds: 3.03, run: 0.13, queue: 0.34, runnable: [0.84, 0.16]) {
      $0.threads.idle = 0.83 * 3.03
    },
  ]

  @Test("The first cause is the one that was seeded", arguments: seeds)
  func first(_ seed: Seeded) { #expect(seed.observation.causes.first?.code ?? .healthy == seed.expected) }

  @Test("Shares of the budget add up to the whole", arguments: seeds)
  func budget(_ seed: Seeded) { #expect(agree(seed.observation.budget.reduce(0) { $0 + $1.share }, 1, within: 1e-6)) }

  @Test("No speedup is below 1, and none is outside of its own interval", arguments: seeds)
  func intervals(_ seed: Seeded) {
    for speedup in seed.observation.changes.compactMap(\.speedup) {
      #expect(speedup.low >= 0.9)
      #expect(speedup.low <= speedup.value && speedup.value <= speedup.high)
    }
  }

  @Test("Without a quota of half a CPU two threads are four times as fast on two CPUs")
  func withoutQuota() throws {
    let change = try #require(Self.seeds[0].observation.changes.first)
    #expect(change.code == .withoutQuota)
    #expect(agree(change.speedup?.value, 4, within: 0.06))
    #expect(change.command == "echo -1 > /sys/fs/cgroup/cpu/x/cpu.cfs_quota_us")
  }

  @Test("Where nothing was seen nothing binds, and it says so")
  func nothing() {
    let observation = Observation(TreeProfile(), Observation.Setting(target: "1", cpus: 2))
    #expect(observation.causes.isEmpty)
    #expect(observation.unknown.contains(.brief(samples: 0)))
  }

  @Test("What the kernel keeps from us is named")
  func denied() {
    var profile = TreeProfile()
    profile.samples = 100
    profile.wall.unknown = 1
    let setting = Observation.Setting(target: "1", cpus: 2, hasPressure: false, isDenied: true, seesCgroups: false)
    #expect(Observation(profile, setting).unknown == [.waits(share: 1), .cgroups, .pressure])
  }
}
