import AdvisorCore
import Benchmark
import Calibration
import CostModel
import Executors
import Probe
import Tasks

/// The repository's folder: what is read is recorded there, so that every machine does the same work.
private let repository = "/" + #filePath.split(separator: "/").dropLast(5).joined(separator: "/")
private let profilePath = "\(repository)/profiles/amd-epyc-vm-2cpu.json"

/// What is on the way of every answer and of every task; `make micro-bench-check` holds them against their thresholds.
let benchmarks: @Sendable () -> Void = {
  // Wall time is shown, but only allocations have thresholds: they are the same everywhere, but for a few where threads meet.
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .allocations], maxDuration: .seconds(1), maxIterations: 1000,
    thresholds: [.allocations: .init(relative: [.p90: 15])])
  // No spaces in names: the package writes thresholds under another name then than it reads them.
  let thousand = with(Benchmark.defaultConfiguration) { $0.scalingFactor = .kilo }

  Benchmark("probe-a-recorded-machine-of-144-CPUs") { benchmark in
    let files = try Snapshot.open("\(repository)/Tests/ProbeTests/Fixtures/wide.tar.gz")
    try benchmark.measure { try Prober(files: files).machine() }
  }

  Benchmark("read-a-profile") { benchmark in try benchmark.measure { try ProfileStore.load(profilePath) } }

  Benchmark("read-a-job-string", configuration: thousand) { benchmark in
    try benchmark.measureEach { _ in try Job("io:4x20MiB,latency=20ms+cpu:4x2e6,cv=0.5") }
  }

  for (name, text) in [("one-job", "cpu:64x20ms"), ("a-pipeline", "io:40x1MiB,latency=5ms+cpu:40x5ms")] {
    Benchmark("advice-for-\(name)") { benchmark in
      let model = try CostModel(profile: ProfileStore.load(profilePath).profile)
      let job = try Job(text)
      try benchmark.measure { try model.recommend(job) }
    }
  }

  Benchmark("hand-out-elements-to-two-threads", configuration: thousand) { benchmark in
    let count = benchmark.scaledIterations.count
    try benchmark.measure { try (0..<count).concurrentMap(workers: 2, chunk: 16) { $0 &* $0 } }
  }

  Benchmark("arguments-of-a-task", configuration: thousand) { benchmark in
    let template = try CommandTemplate(["convert", "{}", "out/{/.}.png"].map { Array($0.utf8) })
    let input = [Array("photos/holiday 1.jpeg".utf8)]
    benchmark.measureEach { template.arguments(for: input, sequence: $0, slot: 1) }
  }
}

private func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
  var changed = value
  change(&changed)
  return changed
}
