/// How the interpreters of a run begin, and why so.
public struct PythonStart: Sendable, Hashable {
  /// The start methods of Python's own `multiprocessing`.
  public enum Method: String, Sendable, Hashable, CaseIterable, Codable {
    /// Copies of the interpreter that has imported the module. They share its memory, and must share nothing else: no thread,
    /// socket or generator of random numbers.
    case fork
    /// New interpreters, each of which imports the module.
    case spawn
    /// Copies of an interpreter that has imported nothing of the user's, each of which imports the module.
    case forkserver
  }

  public var method: Method
  /// What speaks for it, as half a sentence.
  public var reason: String
}
