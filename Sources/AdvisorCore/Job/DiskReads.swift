/// How the bytes of a `disk` task are read: in pieces of equal size, of whole disk blocks and of a MiB at most.
public struct DiskReads: Sendable, Hashable {
  /// Pieces, one after another.
  public let count: Double
  public let blockBytes: Int

  /// The smallest piece that goes into a huge page.
  public static let largeBlockBytes = 16 << 10
  /// Into scattered pages of 4 KiB a read goes to the disk in hundreds of pieces, and takes up to three times as long, by where
  /// they happen to lie: 1 MiB past the page cache 0.3 ms in a huge page, 0.5 to 0.85 elsewhere, on a guest of 2 CPUs.
  public static let hugePageBytes = 2 << 20

  private static let diskBlockBytes = 4096.0

  /// - Parameter bytes: of the task, finite.
  public init(bytes: Double) {
    count = max(1, (bytes / 0x1p20).rounded(.up))
    blockBytes = Int(max(1, (bytes / count / Self.diskBlockBytes).rounded(.up)) * Self.diskBlockBytes)
  }
}
