// swift-tools-version: 6.2
import PackageDescription

// A package of its own: the whole of it is built with libFuzzer's instrumentation (see run.sh).
let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "advisor", path: "..")],
  targets: [
    .executableTarget(
      name: "Fuzz",
      dependencies: ["AdvisorCore", "Calibration", "CostModel", "Downloads", "Executors", "Tasks", "Planning", "Probe"].map {
        .product(name: $0, package: "advisor")
      },
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ],
  swiftLanguageModes: [.v6]
)
