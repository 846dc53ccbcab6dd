// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// One module of our own: a folder in `Sources` and, unless it is tried through another, one in `Tests`.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
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
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")

let package = Package(
  name: "advisor",
  products: [
    .executable(name: "advisor", targets: ["advisor"]),
    .executable(name: "advisor-commands", targets: ["AdvisorCommands"]),
    .library(name: "AdvisorCore", targets: ["AdvisorCore"]),
    .library(name: "Probe", targets: ["Probe"]),
    .library(name: "CostModel", targets: ["CostModel"]),
    .library(name: "Execution", targets: ["Execution"]),
    .library(name: "Calibration", targets: ["Calibration"]),
    .library(name: "Planning", targets: ["Planning"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // Below all floors: the system's C interfaces.
    .target(name: "CLinux"),
    .target(name: "CNuma", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CBuild", cSettings: buildFacts),

    // Floor 0: values.
    module("AdvisorCore", ["CLinux"]),

    // Floor 1: what the machine says, what can be done on it, and what people see.
    module("Console", ["AdvisorCore", "CBuild"]),
    module("Documents", ["AdvisorCore"]),
    module("Statistics"),
    module("History", ["AdvisorCore", grdb]),
    module("Probe", ["AdvisorCore", "CLinux", "CNuma"]),
    module("Transfer", ["AdvisorCore", "CCurl", "CLinux"]),
    module("Runtimes", ["AdvisorCore"]),
    module("Workloads", ["AdvisorCore"]),

    // Floor 2: the model, and the hands that carry out a plan.
    module("CostModel", ["AdvisorCore", "Statistics"]),
    module("Planning", ["AdvisorCore", "Statistics"]),
    module(
      "Execution", ["AdvisorCore", "CLinux", "Probe", "Transfer", "Workloads"],
      resources: [
        .embedInCode("Engines/Python/advisor_dask.py"), .embedInCode("Engines/Python/advisor_tasks.py"),
        .embedInCode("Python/Host/start.py"), .embedInCode("Python/Host/messages.py"),
        .embedInCode("Python/Host/results.py"), .embedInCode("Python/Host/worker.py"),
        .embedInCode("Python/Host/process.py"), .embedInCode("Python/Host/loading.py"),
        .embedInCode("Python/Host/forking.py"), .embedInCode("Python/Host/ending.py"),
        .embedInCode("Python/Host/host.py"), .embedInCode("Python/Host/main.py"),
      ]),

    // Floor 3: what is built from both.
    module(
      "Calibration",
      ["AdvisorCore", "CLinux", "Documents", "Execution", "Probe", "Statistics", "Transfer", "Workloads"],
      resources: [.embedInCode("Runtime/runtime_costs.py")]),
    module("Evaluation", ["AdvisorCore", "CostModel", "Statistics"]),
    module("Reports", ["AdvisorCore", "Console", "CostModel", "Planning", mustache]),

    // Floor 4: the commands that both programs know, the command line, and the small program in front of it.
    module("CountCommands", ["AdvisorCore", "Console", "Documents", "Probe", "Runtimes", argumentParser]),
    .executableTarget(
      name: "AdvisorCommands",
      dependencies: [
        "AdvisorCore", "Calibration", "CLinux", "Console", "CountCommands", "CostModel", "Documents", "Evaluation",
        "Execution",
        "History", "Planning",
        "Probe", "Reports", "Transfer", "Workloads", argumentParser, yams,
      ], swiftSettings: strict),
    .executableTarget(
      name: "advisor", dependencies: ["AdvisorCore", "CLinux", "Console", "CountCommands", "Probe", argumentParser],
      swiftSettings: strict),

    .executableTarget(
      name: "MicroBenchmarks",
      dependencies: ["AdvisorCore", "Calibration", "Execution", "Planning", "Probe", "Transfer", "Workloads"],
      path: "Benchmarks/Micro", swiftSettings: strict),

    // What the tests share.
    .target(
      name: "AdvisorTestSupport", dependencies: ["AdvisorCore"], path: "Tests/AdvisorTestSupport", swiftSettings: strict
    ),

    tests(of: "AdvisorCore"),
    tests(of: "Statistics"),
    tests(of: "History", ["AdvisorCore", grdb]),
    tests(of: "Probe", ["AdvisorCore", "CostModel", "Statistics"], resources: [.copy("Fixtures")]),
    tests(of: "Transfer", ["AdvisorCore"]),
    tests(of: "Runtimes", ["AdvisorCore"]),
    tests(of: "Workloads", ["AdvisorCore"]),
    tests(of: "CostModel", ["AdvisorCore", "Documents", "Statistics"]),
    tests(of: "Planning", ["AdvisorCore", "Statistics"]),
    tests(
      of: "Execution", ["AdvisorCore", "CostModel", "Documents", "Probe", "Statistics", "Transfer", "Workloads"]),
    tests(of: "Calibration", ["AdvisorCore", "Documents", "Statistics"]),
    tests(of: "Evaluation", ["AdvisorCore", "CostModel"]),
    tests(of: "Reports", ["AdvisorCore", "Console", "Planning"]),
    .testTarget(
      name: "CommandLineTests", dependencies: ["advisor", "AdvisorCommands", "AdvisorCore", "AdvisorTestSupport"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// The documentation's plugin would build two more programs in every plain build.
if Context.environment["ADVISOR_DOCS"] != nil {
  package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
