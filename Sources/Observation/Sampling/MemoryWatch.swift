import System

/// How much of its memory a process touched in two spans of one look; both begin when its pages' marks were cleared.
public struct PageTouches: Codable, Sendable, Hashable {
  public var residentBytes: Int
  public var firstSeconds: Double
  public var firstBytes: Int
  /// CPU time of the look itself within the first span.
  public var ownSeconds: Double
  public var secondSeconds: Double
  public var secondBytes: Int

  public init(
    residentBytes: Int, firstSeconds: Double, firstBytes: Int, ownSeconds: Double = 0, secondSeconds: Double,
    secondBytes: Int
  ) {
    self.residentBytes = residentBytes
    self.firstSeconds = firstSeconds
    self.firstBytes = firstBytes
    self.ownSeconds = ownSeconds
    self.secondSeconds = secondSeconds
    self.secondBytes = secondBytes
  }
}

/// Looks now and then how fast a tree goes over memory: the processor marks each page that is used, and the kernel clears the
/// marks and counts them (`clear_refs` and `smaps_rollup`, proc(5)).
///
/// A look costs some 200 ns a page, for which the tree's page faults wait; the marks are a hint for reclaim and nothing else.
struct MemoryWatch {
  private let cacheBytes: Int
  /// One list a look, with a member a process.
  private(set) var looks: [[PageTouches]] = []
  private var spentSeconds = 0.0
  private var nextSeconds = 0.5
  private var isDenied = false

  init(cacheBytes: Int) { self.cacheBytes = cacheBytes }

  private static let maxLooks = 5
  private static let maxProcesses = 4
  /// Looking at more would take longer than a page fault should wait.
  private static let maxBytes = 2 << 30
  private static let secondsPerPage = 200e-9
  /// CPU time that looks may take: a credit, and this share of one CPU.
  private static let (credit, share) = (0.026, 0.0005)
  /// Little memory goes by faster than that; so long a span is enough for all of the caches.
  private static let bytesPerSecond = 16e9

  /// - Parameter processes: those of which a thread is about to run, by resident bytes.
  mutating func look(at processes: [(id: Int32, bytes: Int)], elapsed: Double) {
    let seen = processes.sorted { $0.bytes > $1.bytes }.prefix(Self.maxProcesses)
    let bytes = seen.reduce(0) { $0 + $1.bytes }
    let cost = Double(bytes / SystemConstant.pageBytes) * Self.secondsPerPage
    guard !isDenied, elapsed >= nextSeconds, looks.count < Self.maxLooks, bytes > 2 * cacheBytes, bytes < Self.maxBytes,
      spentSeconds + cost <= Self.credit + Self.share * elapsed
    else { return }
    let start = CPUClock.threadSeconds
    if let touches = touches(of: seen.map(\.id)) { looks.append(touches) }
    spentSeconds += CPUClock.threadSeconds - start
    nextSeconds = elapsed + 0.5
  }

  private mutating func touches(of processes: [Int32]) -> [PageTouches]? {
    let cleared = processes.map { id in Self.timed { Self.clear(id) } }
    guard cleared.allSatisfy({ $0.value == true }) else {
      isDenied = true
      return nil
    }
    let pause = min(0.02, max(0.001, Double(cacheBytes) / Self.bytesPerSecond))
    var marks: [[Timed<(resident: Int, referenced: Int)?>]] = []
    for _ in 0..<2 {
      MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + pause)
      marks.append(processes.map { id in Self.timed { Self.referenced(id) } })
    }
    return processes.indices.compactMap { index in
      guard let first = marks[0][index].value, let second = marks[1][index].value else { return nil }
      return PageTouches(
        residentBytes: second.resident, firstSeconds: marks[0][index].seconds - cleared[index].seconds,
        firstBytes: first.referenced, ownSeconds: marks[0][index].cpuSeconds - cleared[index].cpuSeconds,
        secondSeconds: marks[1][index].seconds - cleared[index].seconds,
        secondBytes: second.referenced)
    }
  }

  /// With the middle of the time that it took: pages are visited one after the other.
  private static func timed<Value>(_ body: () -> Value) -> Timed<Value> {
    let (start, cpuStart) = (MonotonicClock.seconds, CPUClock.threadSeconds)
    let value = body()
    return Timed(
      seconds: (start + MonotonicClock.seconds) / 2, cpuSeconds: (cpuStart + CPUClock.threadSeconds) / 2, value: value)
  }

  private struct Timed<Value> {
    var seconds: Double
    var cpuSeconds: Double
    var value: Value
  }

  private static func clear(_ process: Int32) -> Bool {
    Descriptor(opening: "/proc/\(process)/clear_refs", .writing)?.write(Array("1".utf8)) == 0
  }

  private static func referenced(_ process: Int32) -> (resident: Int, referenced: Int)? {
    guard let text = KernelFile.read("/proc/\(process)/smaps_rollup"),
      let resident = KernelText.kibibytes("Rss:", in: text),
      let referenced = KernelText.kibibytes("Referenced:", in: text)
    else { return nil }
    return (resident, referenced)
  }
}
