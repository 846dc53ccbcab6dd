// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// One module of our own: a folder in `Sources` and, unless it is tried through another, one in `Tests`.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name), "AdvisorTestSupport"] + dependencies,
    resources: resources,
    swiftSettings: strict)
}

/// What `advisor --version` says besides: the Makefile knows it when it builds a release.
let buildFacts: [CSetting] = ["ADVISOR_COMMIT", "ADVISOR_COMPILER"].compactMap { fact in
  Context.environment[fact].map { .define(fact, to: "\"\($0)\"") }
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "advisor",
  products: [
    .executable(name: "advisor", targets: ["advisor"]),
    .library(name: "AdvisorCore", targets: ["AdvisorCore"]),
    .library(name: "Probe", targets: ["Probe"]),
    .library(name: "CostModel", targets: ["CostModel"]),
    .library(name: "Executors", targets: ["Executors"]),
    .library(name: "Tasks", targets: ["Tasks"]),
    .library(name: "Observation", targets: ["Observation"]),
    .library(name: "Downloads", targets: ["Downloads"]),
    .library(name: "Calibration", targets: ["Calibration"]),
    .library(name: "Planning", targets: ["Planning"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // Below all floors: the system's C interfaces.
    .target(name: "CLinux"),
    .target(name: "CNuma", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(name: "CBuild", cSettings: buildFacts),
    // Programs in Python.
    .target(name: "CPrograms", exclude: ["Costs", "Dask", "Host", "Tasks"]),

    // Floor 0: values and their arithmetic; then the kernel's services, each once.
    module("AdvisorCore"),
    module("Statistics"),
    module("System", ["AdvisorCore", "CLinux"]),

    // Floor 1: what the machine says, what it can be made to do, and what people see.
    module("Console", ["AdvisorCore", "CBuild", "System"]),
    module("Documents", ["AdvisorCore", "System"]),
    module("History", ["AdvisorCore", "CSQLite", "System"]),
    module("Probe", ["AdvisorCore", "CNuma", "System"]),
    module("Transfer", ["AdvisorCore", "CCurl", "System"]),
    module("Runtimes", ["AdvisorCore"]),
    module("Workloads", ["AdvisorCore", "System"]),

    // Floor 2: the model, and the hands that carry out a plan.
    module("CostModel", ["AdvisorCore", "Statistics"]),
    module("Planning", ["AdvisorCore", "Documents", "Statistics"]),
    module("Executors", ["AdvisorCore", "Probe", "System", "Transfer", "Workloads"]),
    module("Tasks", ["AdvisorCore", "Documents", "Probe", "System"]),
    module("Observation", ["AdvisorCore", "Probe", "Statistics", "System"]),

    // Floor 3: what is built from both.
    module("Downloads", ["AdvisorCore", "System", "Tasks", "Transfer"]),
    module("Engines", ["AdvisorCore", "CPrograms", "Executors", "Probe", "System", "Tasks"]),
    module(
      "Calibration",
      [
        "AdvisorCore", "Documents", "Engines", "Executors", "Probe", "Statistics", "System", "Tasks",
        "Transfer", "Workloads",
      ]),
    module("Evaluation", ["AdvisorCore", "CostModel", "Documents", "Statistics", "System"]),
    module("Tuning", ["AdvisorCore", "Documents", "Observation", "Probe", "Statistics", "System", "Tasks"]),
    module("Reports", ["AdvisorCore", "Console", "CostModel", "Documents", "Observation", "Planning"]),

    // Floor 4: the program.
    .executableTarget(
      name: "advisor",
      dependencies: [
        "AdvisorCore", "Calibration", "Console", "CostModel", "Documents", "Downloads", "Engines",
        "Evaluation", "Executors", "History", "Observation", "Planning", "Probe", "Reports", "Runtimes", "System",
        "Tasks", "Transfer", "Tuning", "Workloads", argumentParser,
      ], swiftSettings: strict),

    .executableTarget(
      name: "MicroBenchmarks",
      dependencies: [
        "AdvisorCore", "Calibration", "Executors", "Planning", "Probe", "System", "Tasks", "Transfer", "Workloads",
      ],
      path: "Benchmarks/Micro", swiftSettings: strict),

    .target(
      name: "AdvisorTestSupport", dependencies: ["AdvisorCore", "Executors", "Probe", "System", "Tasks"],
      path: "Tests/AdvisorTestSupport", swiftSettings: strict),
    tests(of: "AdvisorCore"),
    tests(of: "Statistics"),
    tests(of: "System", ["AdvisorCore"]),
    tests(of: "Documents", ["AdvisorCore", "System"]),
    tests(of: "History", ["AdvisorCore", "System"]),
    tests(of: "Probe", ["AdvisorCore", "CostModel", "Statistics", "System"], resources: [.copy("Fixtures")]),
    tests(of: "Transfer", ["AdvisorCore", "System"]),
    tests(of: "Runtimes", ["AdvisorCore"]),
    tests(of: "Workloads", ["AdvisorCore", "System"]),
    tests(of: "CostModel", ["AdvisorCore", "Documents", "Statistics"]),
    tests(of: "Planning", ["AdvisorCore", "Documents", "Statistics"], resources: [.copy("Fixtures")]),
    tests(
      of: "Executors",
      ["AdvisorCore", "CostModel", "Documents", "Probe", "System", "Transfer", "Workloads"]),
    tests(of: "Tasks", ["AdvisorCore", "Probe", "Statistics", "System"]),
    tests(of: "Observation", ["AdvisorCore", "Probe", "System"], resources: [.copy("Fixtures")]),
    tests(
      of: "Downloads",
      ["AdvisorCore", "Executors", "Statistics", "System", "Tasks", "Transfer", "Workloads"]),
    tests(of: "Engines", ["AdvisorCore", "Executors", "Probe", "System", "Tasks"]),
    tests(of: "Calibration", ["AdvisorCore", "Documents", "Executors", "Statistics", "System", "Tasks"]),
    tests(of: "Evaluation", ["AdvisorCore", "CostModel"]),
    tests(of: "Tuning", ["AdvisorCore", "Statistics", "System"], resources: [.copy("Fixtures")]),
    tests(of: "Reports", ["AdvisorCore", "Console", "CostModel", "Documents", "Observation", "Planning"]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["advisor", "AdvisorCore", "AdvisorTestSupport", "System", "Transfer"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// The documentation's plugin would build two more programs in every plain build.
if Context.environment["ADVISOR_DOCS"] != nil {
  package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
