// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "ConcurrentMap",
  dependencies: [.package(name: "advisor", path: "../..")],
  targets: [
    .executableTarget(
      name: "ConcurrentMap",
      dependencies: ["AdvisorCore", "Calibration", "CostModel", "Executors"].map {
        .product(name: $0, package: "advisor")
      })
  ],
  swiftLanguageModes: [.v6]
)
