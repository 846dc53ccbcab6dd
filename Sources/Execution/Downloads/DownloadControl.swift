private import Glibc
private import Synchronization

/// Stops a run of downloads early, and holds it back where the stage after it does not keep up; from any thread.
public final class DownloadControl: Sendable {
  public enum Stage: Int, Sendable {
    case running
    /// Nothing more starts.
    case draining
    /// What is under way is given up.
    case stopping
  }

  private let state = Atomic(Stage.running.rawValue)
  private let room = Atomic(Int.max)

  public init() {}

  public var stage: Stage { Stage(rawValue: state.load(ordering: .acquiring)) ?? .stopping }

  /// Goes on to a later stage; never back.
  public func advance(to stage: Stage) { state.max(stage.rawValue, ordering: .acquiringAndReleasing) }

  /// Files that the next stage still has room for.
  var wanted: Int {
    get { room.load(ordering: .acquiring) }
    set { room.store(newValue, ordering: .releasing) }
  }

  /// The first SIGINT drains, a second one stops; others stop at once.
  func interrupt(_ signal: Int32) {
    // A number of workers is nothing that downloads are asked for while they run.
    guard signal != SIGUSR1, signal != SIGUSR2 else { return }
    advance(to: signal == SIGINT && stage == .running ? .draining : .stopping)
  }
}
