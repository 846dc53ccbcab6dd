public import AdvisorCore
private import System

/// Streams through memory by the triad of the STREAM benchmark, a = b + s·c; a unit is one byte read or written.
///
/// Bytes are counted as STREAM counts them: 24 for each element of three doubles; the read of `a` that a cache makes
/// before a write is left out. https://www.cs.virginia.edu/stream/ref.html
public final class StreamWorkload: Workload {
  /// Of each of the three arrays by default; together larger than most last-level caches' share of one core.
  public static let defaultArrayBytes = 32 << 20

  public let sliceUnits = 6 << 20

  private typealias Vector = SIMD8<Double>
  private let memory: MappedMemory
  private let region: UnsafeMutableRawPointer
  /// Of all three arrays.
  public var heldBytes: Int { regionBytes }
  private let regionBytes: Int
  private let count: Int
  private var next = 0

  /// Maps and touches three arrays.
  ///
  /// - Parameter arrayBytes: of each array, rounded up to whole pages of 2 MiB.
  /// - Throws: `.temporary` where there is not that much memory.
  public init(arrayBytes: Int = defaultArrayBytes) throws(AdvisorError) {
    let hugePage = 2 << 20
    let bytes = (max(1, arrayBytes) + hugePage - 1) / hugePage * hugePage
    regionBytes = 3 * bytes
    // Fewer page faults and TLB misses, where the kernel has huge pages to give.
    guard let memory = MappedMemory(bytes: regionBytes, hugePages: .wanted) else {
      throw AdvisorError(
        .temporary, "no memory for a buffer of \(regionBytes >> 20) MiB: \(Errno.last.text)",
        advice: "use fewer workers")
    }
    region = memory.start
    self.memory = memory
    count = bytes / MemoryLayout<Vector>.stride
    region.bindMemory(to: Vector.self, capacity: 3 * count).initialize(
      repeating: Vector(repeating: 1), count: 3 * count)
  }

  /// The array that is written.
  var elements: UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(
      start: UnsafeRawPointer(region).assumingMemoryBound(to: Double.self), count: count * Vector.scalarCount)
  }

  public func run(units: Int) -> UInt64 {
    let a = region.assumingMemoryBound(to: Vector.self)
    let (b, c) = (a + count, a + 2 * count)
    let factor = Vector(repeating: 0.5)
    // Eight elements a vector, three doubles an element.
    var remaining = (max(0, units) + 191) / 192
    while remaining > 0 {
      let end = next + min(remaining, count - next)
      for index in next..<end { a[index] = b[index] + factor * c[index] }
      remaining -= end - next
      next = end == count ? 0 : end
    }
    return a[0][0].bitPattern
  }
}
