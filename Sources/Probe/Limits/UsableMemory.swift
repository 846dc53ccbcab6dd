import AdvisorCore
import System

/// The memory that processes can have: without what is set aside as huge pages, which no ordinary allocation takes.
struct UsableMemory {
  static let path = "/proc/meminfo"

  /// The memory of the nodes that the process may use, and the file that says so; nil where that is unknown.
  private(set) var total: Limit<Int>?

  /// - Parameter allowed: the numbers of the nodes whose memory the process may have; nil for all.
  init(
    _ nodes: [Machine.NUMANode], allowed: CPUSet?, in files: any FileTree, warnings: inout [Machine.Warning]
  ) {
    let inReach = nodes.filter { allowed?.contains($0.id) ?? true }
    let isPart = inReach.count < nodes.count && !inReach.isEmpty
    let text = files.bytes(Self.path)
    total =
      if isPart {
        Self.sum(inReach.map(\.memoryBytes)).map { Limit(value: $0, source: ProcessStatus.statusPath) }
      } else if let bytes = text.flatMap({ KernelText.kibibytes("MemTotal:", in: $0) }) {
        Limit(value: bytes, source: Self.path)
      } else {
        Self.sum(nodes.map(\.memoryBytes)).map { Limit(value: $0, source: "\(NUMAReader.folder)/node*/meminfo") }
      }
    guard let all = total else { return }
    let listed = Self.sum((isPart ? inReach : nodes).flatMap(\.hugePages).map(\.reservedBytes)) ?? .max
    let reserved = max(listed, isPart ? 0 : text.flatMap(Self.hugePages) ?? 0)
    if reserved < all.value {
      total?.value -= reserved
    } else if reserved > 0 {
      warnings.append(.impossibleHugePages(file: Self.path))
    }
  }

  /// `Hugetlb`, of all sizes, since Linux 4.19; before it only those of the usual size were counted.
  private static func hugePages(_ text: [UInt8]) -> Int? {
    if let all = KernelText.kibibytes("Hugetlb:", in: text) { return all }
    guard let count = KernelText.value(of: "HugePages_Total", in: text).flatMap(KernelText.integer),
      let size = KernelText.kibibytes("Hugepagesize:", in: text)
    else { return nil }
    return product(count, size)
  }

  static func product(_ count: Int, _ size: Int) -> Int? {
    let (bytes, overflows) = count.multipliedReportingOverflow(by: size)
    return overflows || bytes < 0 ? nil : bytes
  }

  /// nil where one is unknown, or all are more than can be counted.
  private static func sum(_ sizes: [Int?]) -> Int? {
    sizes.reduce(0) { sum, size in
      guard let sum, let size else { return nil }
      let (next, overflows) = sum.addingReportingOverflow(size)
      return overflows ? nil : next
    }
  }
}

extension Machine.HugePages {
  fileprivate var reservedBytes: Int? { UsableMemory.product(total, pageBytes) }
}
