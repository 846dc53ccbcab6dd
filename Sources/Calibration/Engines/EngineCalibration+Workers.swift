import AdvisorCore
private import FoundationEssentials
import Engines
import System

/// What the workers are, what they get from a source of data, and how fast bytes travel to and from them.
extension EngineCalibration {
  /// Has advisor look at each worker's machine, and time the reference kernel on all of them at once.
  func probeWorkers(_ trial: EngineTrial, into findings: inout EngineFindings) throws(AdvisorError) {
    findings.workers = trial.workers
    let rounds = level == .quick ? 3 : 6
    let looks = [TaskWork](
      repeating: .command(arguments: words(program, "probe", "--json"), input: []), count: rounds * trial.slots)
    var machines: [String: Machine] = [:]
    for result in try trial.run(looks).results {
      machines[result.worker] = try? JSONDecoder().decode(Machine.self, from: Data(result.output))
    }
    let units = (Self.kernelSeconds / secondsPerUnit).rounded()
    let job = Job(text: "some computing", stages: [Stage(kind: .cpu, count: 1, size: .units(units))])
    let overhead = findings.rounds.last?.workerSeconds ?? 0
    let timed = try trial.run(Array(repeating: .builtIn(job, tasks: [0]), count: rounds * trial.slots)).results
    let times = Dictionary(grouping: timed, by: \.worker)
      .mapValues { $0.map { max(0, $0.usage.wallSeconds - overhead) / units } }
    for index in findings.workers.indices {
      guard let machine = machines[findings.workers[index].name] else { continue }
      findings.workers[index].probe = EngineCosts.Probe(
        model: machine.model, effectiveCPUs: machine.usable.effectiveCPUs,
        memoryBytes: machine.usable.memoryBytes ?? 0,
        secondsPerUnit: times[findings.workers[index].name].flatMap { Estimate(samples: $0, .secondsPerUnit) })
    }
    let unseen = findings.workers.count { $0.probe == nil }
    if unseen > 0 {
      findings.quality.append(.unseenWorkers(workers: unseen, of: findings.workers.count))
    }
  }

  /// On this machine; long against a process's start.
  private static let kernelSeconds = 0.1

  /// The time of many bytes less that of none, in rounds. Where the engine's own delays hide it, there are more of them.
  func transfers(
    _ trial: EngineTrial, until deadline: Double, into findings: inout EngineFindings
  ) throws(AdvisorError) {
    var bytes = 4 << 20
    var rounds = 0
    while rounds < 2 || MonotonicClock.seconds < deadline && rounds < 20 {
      rounds += 1
      let text = Array(repeating: UInt8(ascii: "a"), count: bytes)
      let none = try trial.run([shell("cat >/dev/null", [])]).seconds
      let up = try trial.run([shell("cat >/dev/null", text)]).seconds
      let down = try trial.run([shell("yes | head -c \(bytes)", [])]).seconds
      // At least a tenth of what it took: a difference of two times of others' making says nothing.
      if rounds > 1 || bytes == Self.maxBytes || min(up, down) > 1.5 * none {
        findings.upload.append(max(up - none, up / 10) / Double(bytes))
        findings.download.append(max(down - none, down / 10) / Double(bytes))
      } else {
        (bytes, rounds) = (min(Self.maxBytes, 4 * bytes), 0)
      }
    }
  }

  private static let maxBytes = 32 << 20

  /// Each slot reads the URL twice, all of them at once.
  func fetch(_ url: String, _ trial: EngineTrial, into findings: inout EngineFindings) throws(AdvisorError) {
    struct Fetched: Decodable {
      var bytes: Double
      var seconds: Double
    }
    let argument = Array("\"\(url)\"".utf8)
    let work = TaskWork.function(name: "advisor_tasks:fetch", argument: argument)
    for result in try trial.run(Array(repeating: work, count: 2 * trial.slots)).results {
      guard let fetched = try? JSONDecoder().decode(Fetched.self, from: Data(result.output)), fetched.seconds > 0
      else { continue }
      findings.source.append(fetched.bytes / fetched.seconds)
    }
  }

  private func words(_ words: String...) -> [[UInt8]] { words.map { Array($0.utf8) } }

  private func shell(_ line: String, _ input: [UInt8]) -> TaskWork {
    .command(arguments: words("sh", "-c", line), input: input)
  }
}
