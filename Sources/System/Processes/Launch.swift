/// A program to be started: what it is called with and what it finds.
public struct Launch: Sendable {
  /// The program and its arguments; a program without a slash is looked up on `PATH`.
  public var arguments: [String]
  /// The arguments in bytes, instead of ``arguments``: a file's name need not be UTF-8.
  public var rawArguments: [[UInt8]]?
  /// The program to start, where it differs from `arguments[0]`, the name that it is given.
  public var program: String?
  /// Entries of the form `NAME=value`; nil hands on this process's own.
  public var environment: [String]?
  /// Entries that stand in for those of the same names; empty for none.
  package var variables: [String] = []
  /// Where it runs; nil is this process's own working directory.
  public var directory: String?
  /// Descriptors that become its standard input, output and error, in this order; nil is `/dev/null`.
  ///
  /// Any other descriptor is closed in the child, but for ``inherited``.
  public var input: Int32?
  public var output: Int32?
  public var error: Int32?
  /// Further descriptors that it gets under their own numbers, in ascending order.
  package var inherited: [Int32] = []
  /// Whether it leads a process group of its own: out of reach of the terminal's Ctrl-C, and ended with all that it
  /// started by ``ChildProcess/killGroup(_:)``.
  public var ownGroup: Bool
  /// Whether that group is a session too, which has no terminal: what would ask a person fails instead of waiting.
  package var ownSession = false
  /// Added to this process's own niceness.
  public var niceness: Int32 = 0

  /// - Parameters:
  ///   - arguments: the program's name first.
  ///   - program: where it lies, if the first argument does not say so.
  ///   - environment: nil is this process's own.
  ///   - directory: nil is this process's own.
  ///   - input: nil is `/dev/null`.
  ///   - output: by default this process's own, and so is `error`.
  ///   - error: see `output`.
  ///   - ownGroup: whether it leads a process group of its own.
  public init(
    _ arguments: [String], program: String? = nil, environment: [String]? = nil, directory: String? = nil,
    input: Int32? = nil, output: Int32? = 1, error: Int32? = 2, ownGroup: Bool = true
  ) {
    self.arguments = arguments
    self.program = program
    self.environment = environment
    self.directory = directory
    self.input = input
    self.output = output
    self.error = error
    self.ownGroup = ownGroup
  }
}

/// How a child ended, and what it used.
public struct Exit: Sendable, Hashable {
  public enum Status: Sendable, Hashable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  public var status: Status
  public var userSeconds: Double
  public var systemSeconds: Double
  /// Its largest resident set, or the starter's own peak where that was larger: until exec the child lives in the
  /// starter's memory, whose peak it keeps (`exec_mmap` in Linux's `fs/exec.c`). Only a value above it is the child's.
  public var maxRSSBytes: Int
  /// How often its threads gave a CPU up to wait, and how often one was taken from them.
  public var voluntarySwitches: Int
  public var involuntarySwitches: Int

  public var cpuSeconds: Double { userSeconds + systemSeconds }
  public var succeeded: Bool { status == .exited(0) }
}
