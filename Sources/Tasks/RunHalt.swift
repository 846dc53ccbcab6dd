public import AdvisorCore

/// When a run ends before its inputs do, in GNU parallel's words: `soon,fail=1`, `now,fail=10%`, `now,success=1`.
public struct RunHalt: Sendable, Hashable {
  public enum Urgency: String, Sendable, Hashable {
    /// No task starts any more; those under way go on.
    case soon
    /// Those under way are stopped too.
    case now
  }

  public enum Event: String, Sendable, Hashable {
    case fail
    case success
    case done
  }

  public enum Threshold: Sendable, Hashable {
    case count(Int)
    /// Of all tasks, as soon as their number is known.
    case share(Double)
  }

  public var urgency: Urgency
  public var event: Event
  public var threshold: Threshold

  public init(_ urgency: Urgency, _ event: Event, _ threshold: Threshold) {
    self.urgency = urgency
    self.event = event
    self.threshold = threshold
  }

  /// Reads `WHEN,EVENT=N` or `WHEN,EVENT=N%`; nil for `never`.
  ///
  /// - Throws: `AdvisorError` (usage) for anything else.
  public static func parse(_ text: String) throws(AdvisorError) -> RunHalt? {
    // GNU parallel's old numbers still stand in many scripts.
    switch text {
    case "never", "0": return nil
    case "1": return RunHalt(.soon, .fail, .count(1))
    case "2": return RunHalt(.now, .fail, .count(1))
    case "-1": return RunHalt(.soon, .success, .count(1))
    case "-2": return RunHalt(.now, .success, .count(1))
    default: if let share = Threshold(share: text) { return RunHalt(.soon, .fail, share) }
    }
    let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let pair = words.last?.split(separator: "=", omittingEmptySubsequences: false).map(String.init) ?? []
    guard words.count == 2, pair.count == 2, let urgency = Urgency(rawValue: words[0]),
      let event = Event(rawValue: pair[0]), let threshold = Threshold(pair[1])
    else {
      throw AdvisorError(
        .usage, "\(text.quoted) does not say when to halt",
        advice: "write never, soon,fail=1, now,fail=10%, now,success=1 or soon,done=50%")
    }
    return RunHalt(urgency, event, threshold)
  }

  /// Whether tasks are counted; else calls are, of which each may take several.
  var isShare: Bool { if case .share = threshold { true } else { false } }

  func isReached(by progress: RunProgress) -> Bool {
    let counted =
      switch event {
      case .fail: progress.failed
      case .success: progress.succeeded
      case .done: progress.done
      }
    switch threshold {
    case .count(let count): return counted >= count
    case .share(let share): return progress.total.map { Double(counted) >= share * Double($0) } ?? false
    }
  }
}

extension RunHalt.Threshold {
  fileprivate init?(_ text: String) {
    if let share = Self(share: text) {
      self = share
    } else {
      guard let count = Int(text), count > 0 else { return nil }
      self = .count(count)
    }
  }

  /// Reads `10%`.
  fileprivate init?(share text: String) {
    guard text.hasSuffix("%"), let percent = Int(text.dropLast()), (1...100).contains(percent) else { return nil }
    self = .share(Double(percent) / 100)
  }
}
