import AdvisorCore
import Benchmark
import Calibration
import CostModel
import Execution
import Planning
import Probe

/// The saved profile in the repository, so that every machine computes the same.
private let profile: MachineProfile = {
  let root = #filePath.split(separator: "/").dropLast(5).joined(separator: "/")
  do {
    return try ProfileStore.load("/\(root)/profiles/amd-epyc-vm-2cpu.json").profile
  } catch {
    fatalError("\(error)")
  }
}()

/// What is on the way of every answer and of every task; `make micro-bench` holds them against their thresholds.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.cpuTotal, .wallClock, .instructions], maxDuration: .seconds(2), maxIterations: 10_000)

  Benchmark("probe this machine") { _ in blackHole(try Prober.live.machine()) }

  Benchmark("read a job string", configuration: .init(scalingFactor: .kilo)) { benchmark in
    for _ in benchmark.scaledIterations { blackHole(try Job("io:4x20MiB,latency=20ms+cpu:4x2e6,cv=0.5")) }
  }

  Benchmark("advice for one job") { benchmark in
    let model = try CostModel(profile: profile)
    let job = try Job("cpu:64x20ms")
    benchmark.startMeasurement()
    blackHole(try model.recommend(job))
  }

  Benchmark("advice for a pipeline") { benchmark in
    let model = try CostModel(profile: profile)
    let job = try Job("io:40x1MiB,latency=5ms+cpu:40x5ms")
    benchmark.startMeasurement()
    blackHole(try model.recommend(job))
  }

  Benchmark("hand out elements to two threads", configuration: .init(scalingFactor: .kilo)) { benchmark in
    blackHole(try (0..<benchmark.scaledIterations.count).concurrentMap(workers: 2, chunk: 16) { $0 &* $0 })
  }

  Benchmark("arguments of a task", configuration: .init(scalingFactor: .kilo)) { benchmark in
    let template = try CommandTemplate(["convert", "{}", "out/{/.}.png"].map { Array($0.utf8) })
    let input = [Array("photos/holiday 1.jpeg".utf8)]
    benchmark.startMeasurement()
    for index in benchmark.scaledIterations { blackHole(template.arguments(for: input, sequence: index, slot: 1)) }
  }

  Benchmark("servers for a goal") { _ in
    blackHole(Erlang.waitProbability(offeredLoad: 950, servers: 1000))
  }
}
