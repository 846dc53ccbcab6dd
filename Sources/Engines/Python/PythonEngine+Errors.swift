import AdvisorCore
import System
import Tasks

extension PythonEngine {
  /// Why there is nothing more to read; one that has not even greeted may be no Python.
  var ending: AdvisorError {
    let name = program.printable
    let trial = "what it wrote stands above; try it by itself: \(name) -c 'import \(module)'"
    guard version == nil else {
      return AdvisorError(.unavailable, "the interpreter “\(name)” has ended", advice: trial)
    }
    return AdvisorError(
      .unavailable, "“\(name)” ended before it answered as Python does",
      advice: "name a Python of 3.9 or later; \(trial)")
  }

  private var module: String { String(function.prefix { $0 != ":" }) }

  func refusal(_ kind: String, _ why: String) -> AdvisorError {
    switch kind {
    case "version":
      return PythonInterpreter.isTooOld(program, why)
    case "module" where module.hasSuffix(".py"):
      return AdvisorError(
        .usage, "there is no file “\(module.printable)” to import (\(why.printable))",
        advice: "check its path, which is taken from the folder that the calls run in")
    case "module":
      return AdvisorError(
        .usage, "there is no module “\(module.printable)” (\(why.printable))",
        advice:
          "run in the folder that holds \(module.printable).py, name its path, or choose its environment: --interpreter"
      )
    case "function":
      let name = function.split(separator: ":").last.map(String.init) ?? ""
      return AdvisorError(
        .usage, "\(module.printable) has no function “\(name.printable)”",
        advice: why.isEmpty ? "check its spelling" : "it has: \(why.printable)")
    case "call":
      return AdvisorError(
        .usage, "\(function.printable) is no function but of type \(why.printable)", advice: "name a function")
    default:
      return AdvisorError(
        .badData, "the import of \(module.printable) \(why.printable)",
        advice: "try it by itself: \(program.printable) -c 'import \(module.printable)'")
    }
  }
}
