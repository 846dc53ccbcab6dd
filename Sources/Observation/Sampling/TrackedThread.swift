import System

/// A thread of the tree, with what its last sample said: only where it has run since are more of its files read.
final class TrackedThread {
  let id: Int32
  private let folder: String
  private let schedule: RepeatedFile
  private let budget: DescriptorBudget
  private lazy var stat = RepeatedFile("\(folder)/stat", budget: budget)
  private var isKnown = false
  private(set) var figures = ScheduleFigures()
  private(set) var state = ThreadState.unknown

  init(_ id: Int32, of process: Int32, budget: DescriptorBudget) {
    self.id = id
    self.budget = budget
    folder = "/proc/\(process)/task/\(id)"
    schedule = RepeatedFile("\(folder)/schedstat", budget: budget)
  }

  /// Whether the kernel was found to count no run time (`CONFIG_SCHED_INFO`): then the state alone is known.
  private(set) var hasNoSchedule = false

  /// Looks again. Returns false where the thread has gone.
  func update(_ places: WaitPlaces) -> Bool {
    guard let now = schedule.read({ ScheduleFigures($0) }) ?? withoutSchedule() else { return false }
    // Who has not been given a CPU since it slept still sleeps there.
    let sleepsOn = isKnown && now == figures && state != .runnable && !hasNoSchedule
    figures = now
    guard !sleepsOn else { return true }
    guard let letter = stat.read(Self.letter) else { return false }
    isKnown = true
    let known = Self.state(letter)
    state = known == .disk && places.isForChild(in: folder) ? .child : known ?? places.state(of: id, in: folder)
    return true
  }

  private func withoutSchedule() -> ScheduleFigures? {
    guard Errno.last != .noSuchProcess, FileAccess.exists("\(folder)/stat") else { return nil }
    hasNoSchedule = true
    return ScheduleFigures()
  }

  private static func letter(_ text: UnsafeRawBufferPointer) -> UInt8? {
    guard let close = text.lastIndex(of: UInt8(ascii: ")")), close + 2 < text.count else { return nil }
    return text[close + 2]
  }

  /// Nil for one that sleeps (proc_pid_stat(5)).
  static func state(_ letter: UInt8) -> ThreadState? {
    switch letter {
    case UInt8(ascii: "R"): .runnable
    case UInt8(ascii: "D"): .disk
    case UInt8(ascii: "T"), UInt8(ascii: "t"): .stopped
    case UInt8(ascii: "Z"), UInt8(ascii: "X"), UInt8(ascii: "x"): .ended
    default: nil
    }
  }
}

/// Tells where threads sleep, as far as the kernel lets us see.
final class WaitPlaces {
  /// Whether it has kept a place from us: another user's thread, or a process that may not be traced.
  private(set) var isDenied = false

  func state(of id: Int32, in folder: String) -> ThreadState {
    guard let text = KernelFile.read("\(folder)/syscall", atMost: 256) else {
      if Errno.last != .noSuchProcess, Errno.last != .noSuchFileOrDirectory { isDenied = true }
      return channel(folder)
    }
    // It runs by now: it has slept somewhere that it has left.
    guard let place = text.withUnsafeBytes({ WaitPlace($0) }) else { return .runnable }
    let state = place.state({ KernelFile.link("\(folder)/fd/\($0)") }) { FileAccess.exists("\(folder)/../\($0)") }
    return state == .poll && hasSockets(folder) ? .network : state
  }

  /// Whether a thread that was seen to sleep deeply, as those do that wait for a disk, waits for a child to have begun its
  /// program (vfork(2)), or has waited for that and waits for its end by now.
  func isForChild(in folder: String) -> Bool {
    guard let text = KernelFile.read("\(folder)/syscall", atMost: 256) else { return false }
    return text.withUnsafeBytes { WaitPlace($0) }?.isForChild == true
  }

  /// Whether the process has a socket beside its standard streams, of the first descriptors: then it is one that it polls.
  private func hasSockets(_ folder: String) -> Bool {
    (3..<24).contains { KernelFile.link("\(folder)/fd/\($0)")?.hasPrefix("socket:") == true }
  }

  /// The kernel's function in which it sleeps (`wchan`), which needs the same rights but is there without the other.
  private func channel(_ folder: String) -> ThreadState {
    let text = KernelFile.read("\(folder)/wchan", atMost: 128) ?? []
    return Self.state(channel: KernelText.string(text[...]))
  }

  static func state(channel: String) -> ThreadState {
    let places: [(String, ThreadState)] = [
      ("futex", .condition), ("pipe", .pipe), ("nanosleep", .sleep), ("do_wait", .child), ("poll", .poll),
      ("ep_", .poll),
      ("select", .poll), ("inet_csk_accept", .network), ("tcp", .network), ("unix_", .network), ("skb_", .network),
      ("n_tty", .terminal), ("jbd2", .disk), ("io_schedule", .disk), ("folio", .disk), ("read_events", .disk),
    ]
    return places.first { channel.contains($0.0) }?.1 ?? .unknown
  }
}
