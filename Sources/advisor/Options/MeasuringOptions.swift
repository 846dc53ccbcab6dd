public import AdvisorCore
public import ArgumentParser

extension MachineProfile.Level: ExpressibleByArgument {}

/// How thoroughly and against what `calibrate` measures, and where the profile goes.
struct MeasuringOptions: ParsableArguments {
  @Option(help: "How thoroughly to measure.")
  var level: MachineProfile.Level = .standard

  @Option(
    defaultAsFlag: Seconds(300),
    help: ArgumentHelp("Wait for a quiet moment first, at most so long.", valueName: "time"),
    transform: Seconds.init(typed:))
  var wait: Seconds?

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("Save to this file, not among the user's profiles.", valueName: "file"))
  var file: String?

  @Option(help: ArgumentHelp("Measure HTTP against this server: 1,000s of requests.", valueName: "url"))
  var ioURL: String?

  func validate() throws {
    if let ioURL, !ioURL.hasPrefix("http://"), !ioURL.hasPrefix("https://") {
      throw ValidationError(
        "--io-url takes an address that starts with http:// or https://, not \(WebAddress(ioURL).shown.quoted).")
    }
  }
}

/// Modules whose import is timed too.
struct ModuleOptions: ParsableArguments {
  @Option(
    name: .customLong("import"), parsing: .singleValue,
    help: ArgumentHelp("Time the import of this module too.", valueName: "module"))
  var names: [String] = []

  func validate() throws {
    if let name = names.first(where: { !$0.isModuleName }) {
      throw ValidationError("--import \(name.printable): give a module's name, such as numpy or concurrent.futures.")
    }
  }
}

extension String {
  /// Whether Python could import something by this name: identifiers joined by dots.
  fileprivate var isModuleName: Bool {
    split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part.first?.isNumber == false && part.allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
    }
  }
}
