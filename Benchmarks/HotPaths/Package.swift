// swift-tools-version: 6.2
import PackageDescription

// A package of its own: the benchmark package takes minutes to build, which nobody who builds advisor should wait for.
let package = Package(
  name: "HotPaths",
  dependencies: [
    .package(name: "advisor", path: "../.."),
    // Without its traits: CAllocations counts allocations with a few lines, where they bring two packages more.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .target(name: "CAllocations"),
    .executableTarget(
      name: "HotPaths",
      dependencies: [.product(name: "Benchmark", package: "benchmark"), "CAllocations"]
        + ["AdvisorCore", "Calibration", "CostModel", "Executors", "Tasks", "Probe"].map {
          .product(name: $0, package: "advisor")
        },
      path: "Benchmarks/HotPaths",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ],
  swiftLanguageModes: [.v6]
)
