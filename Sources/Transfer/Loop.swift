public import AdvisorCore
internal import CCurl
import System

/// Many downloads at once on the calling thread: libcurl's multi interface, with a limit on those in flight.
///
/// The handles are made when first needed, and used again with their connections. Each turn of the loop waits in `curl_multi_poll`,
/// which is faster than sockets over epoll up to some 256 in flight.
public struct Loop: ~Copyable {
  private let multi: Multi
  private let options: TransferOptions
  private let limit: RateLimit?
  private let capacity: Int
  private var slots: [Slot] = []
  private var idle: [Int] = []
  /// When it last looked for transfers that receive nothing.
  private var lookedAt = MonotonicClock.now

  /// - Parameter inFlight: the most downloads at once; at least 1.
  /// - Throws: ``AdvisorError`` (unavailable) when libcurl cannot be loaded.
  public init(inFlight: Int, _ options: TransferOptions = TransferOptions()) throws(AdvisorError) {
    capacity = max(1, inFlight)
    self.options = options
    multi = try Multi.make(connections: capacity)
    limit = options.bytesPerSecond.map { RateLimit(bytesPerSecond: $0, at: MonotonicClock.now) }
  }

  /// Loads libcurl, which the first loop does otherwise: some milliseconds, once in the life of the process.
  public static func load() throws(AdvisorError) { try Easy.load() }

  deinit {
    // libcurl wants a handle that is still at work out of the multi handle before either is freed.
    for slot in slots where slot.isBusy { ccurl_multi_remove(multi.handle, slot.easy.handle) }
  }

  /// Downloads under way.
  public var inFlight: Int { slots.count - idle.count }

  /// Whether another download can start now.
  public var hasRoom: Bool { inFlight < capacity }

  /// How far a download under way has come with its connection.
  public enum Opening: Sendable, Hashable {
    /// The TCP handshake is not over yet.
    case pending(seconds: Double)
    /// How long the handshake took, and, without TLS, how long the first byte was waited for after it; 0 before that.
    case standing(handshakeSeconds: Double, waitSeconds: Double)
  }

  /// Of the downloads under way, by their indices.
  public var openings: [(index: Int, opening: Opening)] {
    slots.filter(\.isBusy).map { slot in
      let (handshake, wait) = (slot.easy.handshakeSeconds, slot.easy.waitSeconds)
      guard handshake > 0 else { return (slot.index, .pending(seconds: slot.easy.pendingSeconds)) }
      return (slot.index, .standing(handshakeSeconds: handshake, waitSeconds: wait))
    }
  }

  /// Starts a download, which is known by `index` when it ends.
  ///
  /// - Precondition: ``hasRoom``.
  /// - Throws: ``AdvisorError`` (temporary) when libcurl is out of memory.
  public mutating func start(
    _ request: TransferRequest, index: Int, into sink: (any TransferSink)? = nil
  ) throws(AdvisorError) {
    precondition(hasRoom, "no room for another download")
    if inFlight == 0 { lookedAt = MonotonicClock.now }
    let slot = try idleSlot()
    slot.index = index
    slot.easy.prepare(request, sink: sink)
    do {
      try multi.check(ccurl_multi_add(multi.handle, slot.easy.handle))
    } catch {
      idle.append(slot.number)
      throw error
    }
    (slot.isBusy, slot.startedAt) = (true, MonotonicClock.now)
  }

  /// Starts a download of the whole of what is at `url`.
  public mutating func start(_ url: String, index: Int, into sink: (any TransferSink)? = nil) throws(AdvisorError) {
    try start(TransferRequest(url), index: index, into: sink)
  }

  private mutating func idleSlot() throws(AdvisorError) -> Slot {
    if let number = idle.popLast() { return slots[number] }
    let slot = try Slot(slots.count, options, limit)
    slots.append(slot)
    return slot
  }

  /// Moves all downloads on and reports those that have ended; waits only when none has.
  ///
  /// - Parameters:
  ///   - milliseconds: the longest wait.
  ///   - descriptors: end the wait, too, once one can be read; at most 4.
  ///   - finished: called with the index and the result of each download that has ended. Its slot is free by then.
  public mutating func turn(
    atMost milliseconds: Int, watching descriptors: [Int32] = [], finished: (Int, TransferResult) throws -> Void
  ) throws {
    try multi.check(ccurl_multi_perform(multi.handle))
    let any = try reportFinished(finished)
    guard try !giveUpStalled(finished), !any, inFlight > 0 || !descriptors.isEmpty else { return }
    let patience = Int32(clamping: min(milliseconds, resumePaused()))
    try multi.check(ccurl_multi_poll(multi.handle, descriptors, descriptors.count, patience))
  }

  /// Lets paused transfers go on where the rate limit has room. Returns the milliseconds until it has.
  private func resumePaused() -> Int {
    guard let limit else { return .max }
    let delay = limit.delay(at: MonotonicClock.now)
    guard delay == 0 else { return 1 + Int(min(delay * 1000, 1e6)) }
    for slot in slots where slot.isBusy { slot.easy.resume() }
    return .max
  }

  /// Downloads `count` things and returns when all have ended, or when `isCancelled` says so.
  ///
  /// Asks for a URL when its download can start, so that the list needs never exist as a whole.
  /// Downloads that are under way at a cancellation are given up and not reported.
  public mutating func run(
    count: Int, url: (Int) -> String, isCancelled: () -> Bool = { false },
    finished: (Int, TransferResult) throws -> Void
  ) throws {
    var next = 0
    while next < count || inFlight > 0 {
      guard !isCancelled() else { return abandon() }
      while next < count, hasRoom {
        try start(url(next), index: next)
        next += 1
      }
      // Short, so that a cancellation is seen soon.
      try turn(atMost: 50, finished: finished)
    }
  }

  /// Gives up all downloads under way.
  public mutating func abandon() {
    for slot in slots where slot.isBusy {
      ccurl_multi_remove(multi.handle, slot.easy.handle)
      _ = slot.easy.finish(CURLE_ABORTED_BY_CALLBACK)
      release(slot)
    }
  }

  private mutating func reportFinished(_ finished: (Int, TransferResult) throws -> Void) throws -> Bool {
    var any = false
    var code = CURLE_OK
    var number = 0
    while let handle = ccurl_multi_finished(multi.handle, &code, &number) {
      any = true
      let slot = slots[number]
      var result = slot.easy.finish(code)
      result.heldSeconds = max(0, Double(MonotonicClock.now - slot.startedAt) / 1e9 - result.totalSeconds)
      try multi.check(ccurl_multi_remove(multi.handle, handle))
      release(slot)
      try finished(slot.index, result)
    }
    return any
  }

  /// Ends transfers that have received nothing for too long: libcurl itself judges by the mean of five seconds. Returns whether
  /// there were any.
  private mutating func giveUpStalled(_ finished: (Int, TransferResult) throws -> Void) throws -> Bool {
    let now = MonotonicClock.now
    guard now - lookedAt >= 100_000_000 else { return false }
    // While this process was held up itself, nobody kept it waiting.
    let passed = min(1, Double(now - lookedAt) / 1e9)
    lookedAt = now
    let most = options.stallTimeoutSeconds
    let stalled = slots.filter { $0.isBusy && $0.easy.idleSeconds(after: passed) >= most }
    for slot in stalled {
      try multi.check(ccurl_multi_remove(multi.handle, slot.easy.handle))
      let why = "too slow: nothing came for \(Quantity.text(seconds: most))"
      let result = slot.easy.finish(CURLE_OPERATION_TIMEDOUT, why: why)
      release(slot)
      try finished(slot.index, result)
    }
    return !stalled.isEmpty
  }

  private mutating func release(_ slot: Slot) {
    slot.isBusy = false
    idle.append(slot.number)
  }
}

/// A place for one download at a time; a class because an array cannot hold owned handles.
private final class Slot {
  let number: Int
  var easy: Easy
  var index = 0
  var isBusy = false
  var startedAt: UInt64 = 0

  init(_ number: Int, _ options: TransferOptions, _ limit: RateLimit?) throws(AdvisorError) {
    self.number = number
    easy = try Easy.make(options, limit: limit)
    ccurl_set_pointer(easy.handle, CURLOPT_PRIVATE, UnsafeMutableRawPointer(bitPattern: number))
  }
}

private struct Multi: ~Copyable {
  let handle: UnsafeMutableRawPointer

  static func make(connections: Int) throws(AdvisorError) -> Multi {
    try Easy.load()
    guard let handle = ccurl_multi_init() else { throw Easy.outOfMemory }
    let multi = Multi(owning: handle)
    // As many as can be at work: fewer would be closed and opened again between downloads.
    try multi.check(ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, connections))
    return multi
  }

  private init(owning handle: UnsafeMutableRawPointer) { self.handle = handle }

  deinit { ccurl_multi_cleanup(handle) }

  func check(_ code: CURLMcode) throws(AdvisorError) {
    guard code != CURLM_OK else { return }
    throw AdvisorError(
      .temporary, "libcurl cannot go on: \(String(cString: ccurl_multi_strerror(code)))",
      advice: "try again with fewer downloads in flight")
  }
}
