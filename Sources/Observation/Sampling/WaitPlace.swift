import System

/// Where a sleeping thread waits, from `/proc/PID/task/TID/syscall` (proc_pid_syscall(5)) and what its descriptor is.
struct WaitPlace {
  /// The number of the system call; nil outside of one.
  var call: Int
  var arguments: [UInt]

  /// `230 0x0 0x0 0x7ffc4af6dbb0 … ` and, where the thread is in no call, `-1 …` or `running`.
  init?(_ text: UnsafeRawBufferPointer) {
    let words = text.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") })
    guard let first = words.first, let call = Int(String(decoding: first, as: UTF8.self)) else { return nil }
    self.call = call
    arguments = words.dropFirst().prefix(6).map {
      UInt(String(decoding: $0.dropFirst(2), as: UTF8.self), radix: 16) ?? 0
    }
  }

  /// - Parameters:
  ///   - target: what a descriptor of the process leads to, as `/proc/PID/fd` has it.
  ///   - isThread: whether a number is that of a thread of the process, which pthread_join waits to be cleared.
  func state(_ target: (Int) -> String?, isThread: (Int32) -> Bool = { _ in false }) -> ThreadState {
    guard let wait = SystemCall.waits[call] else { return .unknown }
    switch wait {
    case .state(let state): return state
    // TIMER_ABSTIME
    case .clock: return arguments.count > 1 && arguments[1] & 1 == 1 ? .beat : .sleep
    case .futex:
      return futexValue > 3 && isThread(Int32(truncatingIfNeeded: futexValue)) ? .child : isMutex ? .lock : .condition
    case .descriptor: return Self.state(ofTarget: arguments.first.flatMap { target(Int(truncatingIfNeeded: $0)) })
    }
  }

  /// Whether it waits for a child, to begin its program or to end.
  var isForChild: Bool { SystemCall.starts.contains(call) || SystemCall.children.contains(call) }

  /// glibc's and Rust's mutexes wait for a word to be no longer 2, which means locked and waited for; glibc's read-write locks
  /// for 3. Python's lock is a condition, for it waits with a time-out.
  private var isMutex: Bool {
    guard arguments.count > 3 else { return false }
    let operation = arguments[1] & 0x7F
    return operation == 0 && futexValue == 2 || operation == 9 && (futexValue == 2 || futexValue == 3)
  }

  private var futexValue: UInt { arguments.count > 2 ? arguments[2] & 0xFFFF_FFFF : 0 }

  static func state(ofTarget target: String?) -> ThreadState {
    guard let target else { return .unknown }
    if target.hasPrefix("socket:") { return .network }
    if target.hasPrefix("pipe:") { return .pipe }
    if target.hasPrefix("anon_inode:") { return .poll }
    if target.hasPrefix("/dev/tty") || target.hasPrefix("/dev/pts") || target == "/dev/console" { return .terminal }
    return target.hasPrefix("/") ? .disk : .unknown
  }
}

/// The system calls that wait, by number (Linux's `syscall_64.tbl` and `asm-generic/unistd.h`).
enum SystemCall {
  enum Wait {
    case state(ThreadState)
    case futex
    case clock
    /// It depends on what its first argument is a descriptor of.
    case descriptor
  }

  #if arch(x86_64)
    private static let descriptors = [0, 1, 16, 17, 18, 19, 20, 40, 275, 276]
    private static let sockets = [42, 43, 44, 45, 46, 47, 288, 299, 307]
    private static let polls = [7, 23, 232, 270, 271, 281, 441]
    private static let sleeps = [34, 35, 128, 130]
    static let children = [61, 247]
    private static let disks = [74, 75, 162, 208, 277, 306, 333, 426]
    private static let clocks = [230]
    private static let futexes = [202, 449, 455]
    private static let locks = [72, 73]
    /// clone, vfork and clone3.
    static let starts = [56, 58, 435]
    private static let queues = [65, 70, 220, 243]
  #else
    private static let descriptors = [63, 64, 65, 66, 67, 68, 69, 70, 71, 75, 76, 77, 29]
    private static let sockets = [202, 203, 206, 207, 211, 212, 242, 243, 269]
    private static let polls = [22, 72, 73, 441]
    private static let sleeps = [101, 133, 137]
    static let children = [95, 260]
    private static let disks = [4, 81, 82, 83, 84, 267, 292, 426]
    private static let clocks = [115]
    private static let futexes = [98, 449, 455]
    private static let locks = [25, 32]
    /// clone and clone3.
    static let starts = [220, 435]
    private static let queues = [183, 188, 192, 193]
  #endif

  static let waits: [Int: Wait] = {
    var waits: [Int: Wait] = [:]
    func add(_ calls: [Int], _ wait: Wait) { for call in calls { waits[call] = wait } }
    add(descriptors, .descriptor)
    add(sockets, .state(.network))
    add(polls, .state(.poll))
    add(sleeps, .state(.sleep))
    add(children, .state(.child))
    add(disks, .state(.disk))
    add(futexes, .futex)
    add(clocks, .clock)
    add(locks, .state(.lock))
    add(queues, .state(.condition))
    return waits
  }()
}
