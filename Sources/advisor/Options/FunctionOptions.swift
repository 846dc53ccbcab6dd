public import ArgumentParser
import Engines

extension PythonStart.Method: ExpressibleByArgument {}

/// A Python function, the values that it is called with where they are typed, and how it is called.
struct FunctionOptions: ParsableArguments {
  /// The ways that an interpreter has; the names are those of `Strategy`.
  enum Way: String, ExpressibleByArgument, CaseIterable { case processes, threads, async }

  @Argument(help: ArgumentHelp("words:task is task in words.py.", valueName: "module:function"))
  var function: String

  /// They are read from the process's own arguments: see `InputOptions.jsonInputs()`.
  @Argument(
    parsing: .postTerminator, help: ArgumentHelp("After -- :::, JSON values to call it with.", valueName: "value"))
  private var values: [String] = []

  @OptionGroup private var number: WorkerOptions

  @Option(help: "How to call it.")
  var strategy: Way?

  @OptionGroup var python: PythonOptions

  @Option(help: ArgumentHelp("How interpreters start.", valueName: "method"))
  var startMethod: PythonStart.Method?

  /// What `advisor.map` of the Python package hands over.
  @Option(
    help: ArgumentHelp(
      "Descriptors of a host that has the function.", valueName: "requests,replies", visibility: .rare),
    transform: PythonHostDescriptors.init)
  var host: PythonHostDescriptors?

  var workers: Int? { number.workers }
}

extension PythonHostDescriptors {
  fileprivate init(_ text: String) throws {
    let numbers = text.split(separator: ",").compactMap { Int32($0) }
    guard numbers.count == 2 else { throw ValidationError("give two numbers, as in 5,6.") }
    self.init(requests: numbers[0], replies: numbers[1])
  }
}

/// The Python that calls functions, or that runs Dask.
struct PythonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Python interpreter, name or path (default: python3).", valueName: "program"))
  var interpreter: String?
}
