/// How a ``SlurmEngine`` submits.
public struct SlurmOptions: Sendable, Hashable {
  /// A folder that this machine and all nodes share; what travels lies in a folder of its own in there.
  public var folder = "."
  /// Further arguments for `sbatch`, such as `--partition=long`.
  public var arguments: [String] = []
  /// Where `advisor` is on the nodes; nil is where this program is.
  public var program: String?
  /// The Python that calls functions on the nodes.
  public var interpreter = "python3"
  /// What tasks are put together to: an array task costs 100 to 150 ms.
  public var chunkSeconds = 3.0

  public init() {}
}
