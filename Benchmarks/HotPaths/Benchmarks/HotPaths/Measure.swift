import Benchmark
import CAllocations

extension BenchmarkMetric {
  /// How often memory was asked for: the same on every machine, which times are not.
  static var allocations: BenchmarkMetric { .custom("Allocations") }
}

extension Benchmark {
  /// Measures `work` alone, and not what comes before it.
  func measure<Result>(_ work: () throws -> Result) rethrows {
    let before = callocations_count()
    startMeasurement()
    Benchmark.blackHole(try work())
    stopMeasurement()
    measurement(.allocations, Int(callocations_count() - before))
  }

  /// Measures one piece of work, as often as the benchmark's scale says.
  func measureEach<Result>(_ work: (Int) throws -> Result) rethrows {
    try measure { for index in scaledIterations { Benchmark.blackHole(try work(index)) } }
  }
}
