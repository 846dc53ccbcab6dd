/// A program whose own number of workers is known: by which option it is set, and what it takes by itself.
public struct KnownProgram: Sendable {
  /// What a program takes where nobody says otherwise, or where its option leaves it the choice.
  enum Usual: Sendable, Hashable {
    case one
    case cpus
    /// Ninja: one more of one or two CPUs, and two more of several (`GuessParallelism` in ninja.cc).
    case cpusAndTwo
    case cpusLessOne
    /// CPUs, up to that many.
    case upTo(Int)
    /// Physical cores.
    case cores

    func workers(cpus: Int, cores: Int) -> Int {
      switch self {
      case .one: 1
      case .cpus: cpus
      case .cpusAndTwo: cpus + (cpus < 3 ? 1 : 2)
      case .cpusLessOne: max(1, cpus - 1)
      case .upTo(let most): min(most, cpus)
      case .cores: min(cores, cpus)
      }
    }
  }

  let name: String
  /// How its number is set, each with the place of the number left out: `-j` for `-j4` and `-j 4`.
  let options: [String]
  let usual: Usual

  /// What is taken without the option; of pytest, xz and zstd with the option that leaves them the choice (`-n auto`, `-T0`).
  /// Sources: the programs' manual pages and help of 2025; where one has changed its mind, the latest.
  static let all = [
    // https://www.gnu.org/software/make/manual/html_node/Parallel.html
    KnownProgram(name: "make", options: ["-j", "--jobs"], usual: .one),
    // https://ninja-build.org/manual.html
    KnownProgram(name: "ninja", options: ["-j"], usual: .cpusAndTwo),
    // https://doc.rust-lang.org/cargo/reference/config.html#buildjobs
    KnownProgram(name: "cargo", options: ["-j", "--jobs"], usual: .cpus),
    // https://pkg.go.dev/cmd/go: -p, the default is GOMAXPROCS
    KnownProgram(name: "go", options: ["-p"], usual: .cpus),
    // https://pytest-xdist.readthedocs.io/en/latest/distribution.html: auto is the number of physical cores
    KnownProgram(name: "pytest", options: ["-n", "--numprocesses"], usual: .cores),
    // https://jestjs.io/docs/cli#--maxworkersnumstring
    KnownProgram(name: "jest", options: ["-w", "--maxWorkers"], usual: .cpusLessOne),
    // xz(1): -T0
    KnownProgram(name: "xz", options: ["-T", "--threads"], usual: .cpus),
    // zstd(1): -T0 detects physical cores
    KnownProgram(name: "zstd", options: ["-T", "--threads"], usual: .cores),
    // pigz(1): the number of online processors, or 8 if unknown
    KnownProgram(name: "pigz", options: ["-p", "--processes"], usual: .cpus),
    // https://www.gnu.org/software/coreutils/manual/html_node/sort-invocation.html: --parallel, 8 at most
    KnownProgram(name: "sort", options: ["--parallel"], usual: .upTo(8)),
    // https://docs.gunicorn.org/en/stable/settings.html#workers
    KnownProgram(name: "gunicorn", options: ["-w", "--workers"], usual: .one),
    // xargs(1): -P
    KnownProgram(name: "xargs", options: ["-P", "--max-procs"], usual: .one),
    // parallel(1): -j, one job per CPU thread
    KnownProgram(name: "parallel", options: ["-j", "--jobs"], usual: .cpus),
    // ctest(1): -j
    KnownProgram(name: "ctest", options: ["-j", "--parallel"], usual: .one),
    // https://www.openmp.org/spec-html/5.2/openmp.html: implementation-defined; libgomp and libomp take the CPUs
    KnownProgram(name: "OMP_NUM_THREADS", options: ["OMP_NUM_THREADS="], usual: .cpus),
  ]

  /// The program whose number a command's only knob is; nil where it is none that is known.
  ///
  /// - Parameter words: of the command; of a shell's line also those in it.
  init?(_ words: [[UInt8]], knob: String) {
    let texts = words.map { String(decoding: $0, as: UTF8.self) }
    // The words of a line for a shell, and of a pipe in it, are as good as the command's own.
    let parts = texts.flatMap { $0.split(whereSeparator: { " \t\n;|&()'\"".contains($0) }).map(String.init) }
    guard let place = parts.firstIndex(where: { $0.contains("{\(knob)}") }) else { return nil }
    let before = parts[..<place].reversed()
    let found = Self.all.first { program in
      program.takes(parts[place], after: before.first, knob)
        && (program.options[0].hasPrefix(program.name) || before.contains { program.isCalled(by: $0) })
    }
    guard let found else { return nil }
    self = found
  }

  private init(name: String, options: [String], usual: Usual) {
    (self.name, self.options, self.usual) = (name, options, usual)
  }

  private func isCalled(by word: String) -> Bool { word.split(separator: "/").last.map { $0 == name } ?? false }

  /// Whether a word is the option with the knob's value, or that value after the option.
  private func takes(_ word: String, after previous: String?, _ knob: String) -> Bool {
    let place = "{\(knob)}"
    return options.contains { word == $0 + place || word == "\($0)=\(place)" || (word == place && previous == $0) }
  }
}

extension KnownProgram {
  /// How a program's number is written in a command, as `-j{n}`; nil for a program that is not known.
  public static func place(in program: String) -> String? {
    all.first { $0.isCalled(by: program) }.map { known in
      let option = known.options[0]
      return option.hasPrefix("--") ? "\(option)={n}" : known.name == "pytest" ? "\(option) {n}" : "\(option){n}"
    }
  }
}
