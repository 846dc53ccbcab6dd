/// The advice in a runtime's own words.
public struct RuntimeAdvice: Codable, Sendable, Hashable {
  public var interpreter: String
  public var implementation: String
  public var version: String
  public var holdsGIL: Bool
  /// How a pool of processes is started in this advice: `fork`, `forkserver` or `spawn`.
  public var startMethod: String
  /// A program that does the job in the recommended way; whole, so that it can be pasted and run.
  public var code: String

  public init(_ runtime: RuntimeCosts, startMethod: String, code: String) {
    interpreter = runtime.interpreter
    implementation = runtime.implementation
    version = runtime.version
    holdsGIL = runtime.holdsGIL
    self.startMethod = startMethod
    self.code = code
  }
}

extension Strategy {
  /// What Python programmers call it: `multiprocessing.Pool(2)`.
  public func pythonName(workers: Int) -> String {
    switch self {
    case .sequential: "a plain loop"
    case .threads, .tasks, .pipeline: "ThreadPoolExecutor(\(workers))"
    case .processes: "multiprocessing.Pool(\(workers))"
    case .async: "asyncio with \(workers) in flight"
    }
  }

  /// The same in one word, for a table.
  public var pythonWord: String {
    switch self {
    case .sequential: "loop"
    case .threads, .tasks, .pipeline: "threads"
    case .processes: "Pool"
    case .async: "asyncio"
    }
  }
}
