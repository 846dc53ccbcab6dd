import AdvisorCore
import System

/// Caches that some architectures name elsewhere than in `cpuN/cache`, without saying who shares them.
enum LegacyCaches {
  /// IBM Z keeps the caches that several cores share out of sysfs:
  /// `cache4 : level=3 type=Unified scope=Shared size=65536K line_size=256 associativity=16`.
  ///
  /// - Parameter info: the head of `/proc/cpuinfo`.
  static func listedByZ(_ info: [UInt8]?) -> [Machine.Cache] {
    guard let info, info.starts(with: "vendor_id       : IBM/S390".utf8) else { return [] }
    return KernelText.lines(info).filter { $0.starts(with: "cache".utf8) }.compactMap { line in
      var values: [String: ArraySlice<UInt8>] = [:]
      for pair in KernelText.words(line).map({ $0.split(separator: UInt8(ascii: "="), maxSplits: 1) })
      where pair.count == 2 {
        values[KernelText.string(pair[0])] = pair[1]
      }
      guard let level = values["level"].flatMap(KernelText.integer),
        let type = values["type"].flatMap({ Machine.Cache.Kind(rawValue: KernelText.string($0)) })
      else { return nil }
      return Machine.Cache(level: level, type: type, sizeBytes: values["size"].flatMap(KernelText.cacheSize), sets: [])
    }
  }

  /// SPARC has a file for each size, in bytes, and no other folder of caches.
  static func sparc(_ online: CPUSet, in files: any FileTree) -> [Machine.Cache] {
    guard let first = online.first else { return [] }
    let kinds: [(String, Int, Machine.Cache.Kind)] = [
      ("l1_dcache_size", 1, .data), ("l1_icache_size", 1, .instruction), ("l2_cache_size", 2, .unified),
    ]
    return kinds.compactMap { name, level, type in
      files.integer("\(PresentCPUs.folder)/cpu\(first)/\(name)").map {
        Machine.Cache(level: level, type: type, sizeBytes: $0, sets: [])
      }
    }
  }
}
