/// Where the tasks of a ``DaskEngine`` run.
public struct DaskOptions: Sendable, Hashable {
  /// The Python that has `dask.distributed`: a name on `PATH`, or a path.
  public var interpreter = "python3"
  /// The address of a scheduler, `tcp://HOST:PORT` or `tls://HOST:PORT`; nil starts one on this machine, with workers.
  ///
  /// No scheduler is contacted that is not named here.
  public var scheduler: String?
  /// Workers to start on this machine, where no scheduler is named.
  public var workers = 1
  /// Files that authenticate both sides to each other (PEM).
  public var certificates: Certificates?
  /// Python files that all workers can import.
  public var uploads: [String] = []
  /// What each task needs of its worker's `--resources`, as in `GPU=1`.
  public var resources: [String] = []
  /// Where `advisor` is on the workers, for tasks of built-in jobs; nil is where this program is.
  public var program: String?

  public struct Certificates: Sendable, Hashable {
    public var authority: String
    public var certificate: String
    public var key: String

    public init(authority: String, certificate: String, key: String) {
      self.authority = authority
      self.certificate = certificate
      self.key = key
    }
  }

  public init() {}

  /// The arguments of the program that drives Dask.
  var arguments: [String] {
    var words: [String] = []
    if let scheduler { words += ["--scheduler", scheduler] } else { words += ["--workers", "\(workers)"] }
    if let certificates {
      words += ["--tls-ca", certificates.authority, "--tls-cert", certificates.certificate]
      words += ["--tls-key", certificates.key]
    }
    for upload in uploads { words += ["--upload", upload] }
    for resource in resources { words += ["--resource", resource] }
    return words
  }
}
