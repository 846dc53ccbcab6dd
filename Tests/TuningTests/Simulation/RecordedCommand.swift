import FoundationEssentials
import Statistics
import Tuning

/// Runs of a real command at several values, recorded on two CPUs; Tests/TuningTests/Fixtures/README.md says which command
/// and how.
struct RecordedCommand: Sendable {
  struct Run: Decodable, Sendable {
    var n: Int
    var seconds: Double
    var cpuSeconds: Double
    var memoryMB: Double
    var othersSeconds: Double
    var disturbed: Bool
    var runnable: [Double]
  }

  let name: String
  let values: [Int]
  private let runs: [Int: [Run]]
  static let cpus = 2

  static func load(_ path: String) throws -> [RecordedCommand] {
    let data = try Data(contentsOf: URL(filePath: path))
    return try JSONDecoder().decode([String: [Run]].self, from: data).map { name, runs in
      let byValue = Dictionary(grouping: runs, by: \.n)
      return RecordedCommand(name: name, values: byValue.keys.sorted(), runs: byValue)
    }.sorted { $0.name < $1.name }
  }

  /// The median time of the undisturbed runs, or of the three fastest where there are not three such.
  func truth(_ value: Int) -> Double {
    let all = runs[value] ?? []
    let clean = all.filter { !$0.disturbed }.map(\.seconds)
    return (clean.count >= 3 ? clean : Array(all.map(\.seconds).sorted().prefix(3))).median() ?? .nan
  }

  var best: Double { values.map(truth).min() ?? .nan }

  /// One of the recorded runs at a value, disturbed ones included.
  func draw(_ value: Int, candidate: Int, _ random: inout Xoshiro) -> TrialRun {
    guard let runs = runs[value], !runs.isEmpty else { return TrialRun(candidate: candidate, seconds: .nan) }
    let run = runs[random.index(below: runs.count)]
    return TrialRun(
      candidate: candidate, seconds: run.seconds, cpuSeconds: run.cpuSeconds, maxRSSBytes: run.memoryMB * 1e6,
      othersCPUSeconds: run.disturbed ? max(run.othersSeconds, 0.13 * run.seconds) : 0, runnable: run.runnable)
  }
}
