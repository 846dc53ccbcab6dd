private import Synchronization
private import System

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
  private let asked = Atomic(0)
  private let ending = Atomic(Signal.interrupt)

  public init() {}

  public var stage: Stage { Stage(rawValue: state.load(ordering: .acquiring)) ?? .stopping }

  /// Goes on to a later stage; never back.
  public func advance(to stage: Stage) { state.max(stage.rawValue, ordering: .acquiringAndReleasing) }

  /// The last signal that has ended the run early; SIGINT where none has.
  var signal: Int32 { ending.load(ordering: .acquiring) }

  /// Files that the next stage still has room for.
  var wanted: Int {
    get { room.load(ordering: .acquiring) }
    set { room.store(newValue, ordering: .releasing) }
  }

  /// How many more downloads in flight the user has asked for since the last call, or fewer below 0; nil for none.
  func takeAsked() -> Int? {
    let more = asked.exchange(0, ordering: .acquiringAndReleasing)
    return more == 0 ? nil : more
  }

  /// The first SIGINT drains, a second one stops; others stop at once. SIGUSR1 asks for one more in flight, SIGUSR2 for one
  /// less.
  func interrupt(_ signal: Int32) {
    guard signal != Signal.user1, signal != Signal.user2 else {
      asked.add(signal == Signal.user1 ? 1 : -1, ordering: .acquiringAndReleasing)
      return
    }
    ending.store(signal, ordering: .releasing)
    advance(to: signal == Signal.interrupt && stage == .running ? .draining : .stopping)
  }
}
