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
