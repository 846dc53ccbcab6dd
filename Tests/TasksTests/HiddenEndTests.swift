import Testing
@testable import Tasks

/// A thread that sees ends of tasks waits for a CPU itself: what it waited while an end was there to be seen hid that end.
@Suite struct HiddenEndTests {
  /// Between two waits for events it had queued for 4 ms; then for 1 ms more until it woke up, and 2 ms since.
  private static func end(afterSeconds seconds: Double) -> HiddenEnd {
    var end = HiddenEnd()
    end.waited(seconds: 0.1, queuedBefore: 0, after: 0.01)
    end.waited(seconds: seconds, queuedBefore: 0.014, after: 0.015)
    return end
  }

  @Test(
    "An end that was there before the wait is hidden since the last one, another since this one",
    arguments: [(0.001, 0.007), (0.001_04, 0.007), (0.05, 0.003)])
  func hidden(waited: Double, hidden: Double) {
    #expect(abs(Self.end(afterSeconds: waited).seconds(queued: 0.017) - hidden) < 1e-9)
  }

  @Test("Nothing is hidden where no CPU is waited for")
  func quiet() {
    var end = HiddenEnd()
    for _ in 0..<10 { end.waited(seconds: 1e-6, queuedBefore: 0.3, after: 0.3) }
    #expect(end.seconds(queued: 0.3) == 0)
  }
}
