import Testing

/// What `--help` prints is read in a terminal: 80 columns, and a screen and a half at most.
@Suite("Help") struct HelpTests {
  private let program: Program

  init() throws { program = try Program() }

  private static let commands = [
    "", "run", "map", "download", "cpus", "exec", "env", "tune", "recommend", "why", "probe", "calibrate", "profiles",
    "history",
    "verify", "plan", "plan queue", "plan fleet", "plan batch", "plan forecast", "plan script", "fit", "report",
  ]

  @Test("Fits 80 columns and 60 lines", arguments: commands)
  func fits(command: String) throws {
    let help = try program.shell("COLUMNS=80 $ADVISOR \(command) --help")
    let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(help.status == 0 && lines.count <= 60, "\(lines.count) lines")
    #expect(lines.filter { $0.count > 80 } == [])
  }

  @Test("Gives each option of a command with many a line of its own", arguments: ["run", "map", "download"])
  func hasOneLineAnOption(command: String) throws {
    let help = try program.shell("COLUMNS=80 $ADVISOR \(command) --help").output.split(separator: "\n")
    // A list of values can be longer than a line.
    #expect(help.count { $0.hasPrefix(String(repeating: " ", count: 26)) } <= 1, "\(help.joined(separator: "\n"))")
  }

  @Test("Shows with --help-hidden what engines take besides", arguments: ["run", "map"])
  func showsHiddenOptions(command: String) throws {
    let (short, whole) = (
      try program.run(command, "--help").output, try program.run(command, "--help-hidden").output
    )
    for option in [
      "--scheduler", "--tls-ca", "--upload", "--resource", "--engine-program", "--shared-folder", "--sbatch",
    ] {
      #expect(whole.contains("  \(option) ") && !short.contains("  \(option) "), "\(option)")
    }
    #expect(short.contains("--engine <engine>") && short.contains("--help-hidden"))
  }

  @Test("Leaves nothing out of completions, nor of what man pages are made of")
  func hasAllOptionsElsewhere() throws {
    #expect(try program.run("--generate-completion-script", "bash").output.contains("--tls-ca"))
    let dump = try program.run("--experimental-dump-help").json()
    #expect(Self.hidden(try #require(dump["command"] as? [String: Any])) == ["help"])
  }

  /// What a command and its subcommands do not show.
  private static func hidden(_ command: [String: Any]) -> [String] {
    let arguments = command["arguments"] as? [[String: Any]] ?? []
    return arguments.filter { $0["shouldDisplay"] as? Bool != true }.compactMap { $0["valueName"] as? String }
      + (command["subcommands"] as? [[String: Any]] ?? []).flatMap(hidden)
  }

  @Test(
    "Is not needed to find the command that was meant",
    arguments: [
      ("run --urls list", "advisor download"), ("run --python words:task", "advisor map"), ("recommend", "advisor run"),
      ("map", "<module:function>"), ("download list", "--into <dir>"), ("plan batch --deadline 1min", "--job"),
    ])
  func refusals(command: String, word: String) throws {
    let outcome = try program.shell("$ADVISOR \(command)")
    #expect(outcome.status == 64 && outcome.complaint.contains(word), "\(outcome.complaint)")
  }

  @Test("Shows an option only with the command that takes it")
  func hasOnlyWhatIsTaken() throws {
    let (run, map, download) = (
      try program.run("run", "--help").output, try program.run("map", "--help").output,
      try program.run("download", "--help").output
    )
    for option in ["--job", "--pipe", "--batch"] {
      #expect(run.contains("  \(option) ") && !map.contains("  \(option) ") && !download.contains("  \(option) "))
    }
    #expect(download.contains("  --into ") && !run.contains("  --into ") && !map.contains("  --into "))
    #expect(map.contains("  --start-method ") && !run.contains("  --start-method "))
    #expect(!download.contains("  --engine "))
  }
}
