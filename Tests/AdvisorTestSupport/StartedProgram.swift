import AdvisorCore
import Glibc
import System
import Testing

/// A program that was started and has not ended yet; one that is dropped is killed.
///
/// It gets no descriptor but its standard three, so that none of the others that run beside it waits for what it holds open.
public final class StartedProgram {
  /// Far more than any needs, also on a busy machine: one that takes longer hangs, and must not take the other tests with it.
  private static let limit = Duration.seconds(600)

  public let id: Int32
  private let words: [String]
  private var child: ChildProcess?

  /// - Parameters:
  ///   - words: the program, by path or by name, and its arguments.
  ///   - environment: nil for that of the tests.
  ///   - folder: where it runs; nil for where the tests run.
  ///   - input: a file that it reads; nil is `/dev/null`. Files, not pipes: one that writes much must not wait for us to read.
  ///   - output: a file that it writes, emptied before; nil is `/dev/null`.
  ///   - error: as `output`.
  public init(
    _ words: [String], environment: [String: String]? = nil, folder: String? = nil, input: String? = nil,
    output: String? = nil, error: String? = nil
  ) throws {
    let input = input.map { open($0, O_RDONLY | O_CLOEXEC) }
    let written = [output, error].map { path in
      path.map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
    }
    defer { ([input] + written).forEach { if let descriptor = $0 { close(descriptor) } } }
    let child = try ChildProcess(
      Launch(
        words, environment: environment?.map { "\($0.key)=\($0.value)" }, directory: folder, input: input,
        output: written[0], error: written[1]))
    id = child.id
    self.words = words
    self.child = consume child
  }

  public func signal(_ number: Int32) { kill(id, number) }

  /// Waits for its end; returns its status, 128 and the number of the signal that has killed it.
  public func finish() -> Int32 {
    guard let child = child.take() else { return -1 }
    if !child.ends(within: Self.limit) {
      Issue.record("\(words.joined(separator: " ")) has not ended within \(Self.limit)")
      child.killGroup(SIGKILL)
    }
    switch child.wait().status {
    case .exited(let status): return status
    case .killed(let signal): return 128 + signal
    }
  }
}
