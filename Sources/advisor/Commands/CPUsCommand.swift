import AdvisorCore
import ArgumentParser
import Console
import Documents
import Reports

struct CPUsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "cpus", abstract: "Prints how many workers may run here.",
    usage: "advisor cpus [<options>]",
    discussion: """
      The count respects the affinity mask, cpusets, the CPU quotas of all cgroups \
      above this process, and a batch system's share. A fraction of a CPU \
      is rounded up for independent processes and down for threads that meet at \
      barriers. OMP_NUM_THREADS is ignored.

        make -j$(advisor cpus)
        OMP_NUM_THREADS=$(advisor cpus --for barrier) ./solve
        cargo build -j $(advisor cpus --memory-per-worker 2GiB)
      """)

  @OptionGroup var options: CountOptions

  @Option(help: ArgumentHelp("At most this many.", valueName: "n"))
  var max: Int?

  @Flag(help: "Show what limits the count, and which file sets it.")
  var why = false

  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  init() {}

  func validate() throws {
    if let max, max < 1 { throw ValidationError("--max \(max): give 1 or more.") }
  }

  func run() throws {
    let count = try options.count(max: max)
    for warning in count.warnings where !why && !json { Terminal.note("advisor: \(Sentences().text(warning))") }
    if json { return try Terminal.output(JSONDocument.text(of: Document(count))) }
    try Terminal.output(why ? TextReport.why(count) : "\(count.cpus)")
  }
}

extension TextReport {
  /// The count, what bounds it, and what it would be for other workers.
  static func why(_ count: CPUCount) -> String {
    let rows = count.bounds.map { [$0.what.words, Quantity.significant($0.value), $0.source] }
    let table = Table([.init("limit"), .init("at most", .right), .init("set by")], rows: rows).text
    let warnings = count.warnings.map { "\n" + wrap(Sentences().text($0), lead: "! ") }.joined()
    return """
      \(AdvisorCore.count(count.cpus, "worker")), --for \(count.for.rawValue)

      \(table)\(choices(count).map { "\n\n" + $0 } ?? "")\(warnings)
      """
  }

  /// What it would be for other workers; nil where all get the same.
  private static func choices(_ count: CPUCount) -> String? {
    let purposes = CPUCount.Purpose.allCases
    guard Set(purposes.map { count.choices[$0] }).count > 1 else { return nil }
    let choices = purposes.map { "\($0.words): \(count.choices[$0]), --for \($0.rawValue)" }
    return list("A fraction of a CPU counts by what shares it", choices, mark: "•")
  }
}

extension CPUCount.Purpose {
  fileprivate var words: String {
    switch self {
    case .build: "independent processes (make, pytest), rounded up"
    case .barrier: "threads that wait for each other (OpenMP), rounded down"
    case .server: "threads that serve requests (Go, Java), to the nearest"
    }
  }
}

extension CPUCount.Bound.What {
  fileprivate var words: String {
    switch self {
    case .cpus: "CPUs allowed"
    case .quota: "CPU quota"
    case .batch: "batch system"
    case .memory: "workers that fit in memory"
    case .processes: "processes"
    case .max: "as requested"
    }
  }
}
