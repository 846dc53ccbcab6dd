import AdvisorCore
import Testing

@Suite("Reads of a disk task")
struct DiskReadsTests {
  static let tasks: [(bytes: Double, count: Double, block: Int)] = [
    (0, 1, 4096), (1, 1, 4096), (4096, 1, 4096), (4097, 1, 8192), (0x1p20, 1, 1 << 20), (0x1p20 + 1, 2, 528_384),
    (1.6 * 0x1p20, 2, 839_680), (0x1p22, 4, 1 << 20), (1e300, 1e300 / 0x1p20, 1 << 20),
  ]

  @Test("Pieces are equal, of whole disk blocks and of a MiB at most", arguments: tasks)
  func pieces(bytes: Double, count: Double, block: Int) {
    let reads = DiskReads(bytes: bytes)
    #expect(abs(reads.count / count - 1) < 1e-12 && reads.blockBytes == block)
  }
}
