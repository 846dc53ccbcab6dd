import AdvisorCore
import Testing

@testable import Probe

@Suite struct CacheTests {
  static func caches(
    _ online: CPUSet, _ caches: [(cpu: Int, index: Int, level: Int, type: String, size: String?, map: String?)]
  )
    -> (caches: [Machine.Cache], warnings: [Machine.Warning])
  {
    var files: [String: String] = [:]
    for cache in caches {
      let folder = "/sys/devices/system/cpu/cpu\(cache.cpu)/cache/index\(cache.index)"
      files["\(folder)/level"] = "\(cache.level)"
      files["\(folder)/type"] = cache.type
      files["\(folder)/size"] = cache.size
      files["\(folder)/shared_cpu_map"] = cache.map
    }
    var warnings: [Machine.Warning] = []
    return (CacheReader.caches(of: online, in: MemoryTree(texts: files), info: nil, warnings: &warnings), warnings)
  }

  @Test("Shared caches count once")
  func sharedCachesCountOnce() {
    let (caches, warnings) = Self.caches(
      [0, 1, 2],
      [
        (0, 0, 1, "Data", "32K", "1"), (1, 0, 1, "Data", "32K", "2"), (2, 0, 1, "Data", "32K", "4"),
        (0, 1, 2, "Unified", "1024K", "3"), (1, 1, 2, "Unified", "1024K", "3"), (2, 1, 2, "Unified", "1024K", "4"),
      ])
    #expect(caches.map(\.instances) == [3, 2])
    #expect(caches.map(\.sharedBy) == [1, 2])
    #expect(caches[1].sets == [[0, 1], [2]])
    #expect(warnings.isEmpty)
  }

  /// CPU 0 has one cache less than CPU 1, and CPU 1 starts with a later index.
  @Test("Indexes may be missing")
  func indexesMayBeMissing() {
    let (caches, _) = Self.caches([0, 1], [(0, 0, 1, "Data", "32K", "1"), (1, 1, 2, "Unified", "4096K", "2")])
    #expect(caches.map(\.level) == [1, 2])
  }

  @Test("Sizes may be missing and differ")
  func sizesMayBeMissingAndDiffer() {
    let (caches, _) = Self.caches(
      [0, 1, 2], [(0, 0, 1, "Data", nil, "1"), (1, 0, 1, "Data", "48K", "2"), (2, 0, 1, "Data", "32K", "4")])
    #expect(caches.map(\.sizeBytes) == [nil, 32_768, 49_152])
  }

  @Test("Sharers that do not make sense are reported", arguments: [nil, "zz", "2"])
  func sharersThatDoNotMakeSenseAreReported(map: String?) {
    let (caches, warnings) = Self.caches([0, 1], [(0, 0, 1, "Data", "32K", map), (1, 0, 1, "Data", "32K", "2")])
    #expect(caches.map(\.sets) == [[[1]]])
    #expect(warnings == [.incompleteCaches(cpus: [0])])
  }

  @Test("Missing caches are reported")
  func missingCachesAreReported() {
    let (caches, warnings) = Self.caches([0], [])
    #expect(caches.isEmpty)
    #expect(warnings == [.unknownCaches(folder: "/sys/devices/system/cpu/cpu*/cache")])
  }
}
