import AdvisorCore
import System

/// Reads the caches of the online CPUs from `cpuN/cache/indexM`.
struct CacheReader {
  /// Caches that differ only in who has them.
  private struct Alike {
    var level: Int
    var type: Machine.Cache.Kind
    var size: Int?
    var sets: [CPUSet]
  }

  private let files: any FileTree
  private let online: CPUSet
  private var found: [Alike] = []

  /// Caches ordered by level, then type and size.
  ///
  /// - Parameter info: the head of `/proc/cpuinfo`.
  static func caches(
    of online: CPUSet, in files: any FileTree, info: [UInt8]?, warnings: inout [Machine.Warning]
  ) -> [Machine.Cache] {
    var reader = CacheReader(files: files, online: online)
    let incomplete = reader.readAll()
    var caches = reader.found.map {
      Machine.Cache(level: $0.level, type: $0.type, sizeBytes: $0.size, sets: $0.sets)
    }
    for cache in LegacyCaches.listedByZ(info)
    where !caches.contains(where: { $0.level == cache.level && $0.type == cache.type }) { caches.append(cache) }
    if caches.isEmpty { caches = LegacyCaches.sparc(online, in: files) }
    if caches.isEmpty {
      warnings.append(.unknownCaches(folder: "\(PresentCPUs.folder)/cpu*/cache"))
    } else if !incomplete.isEmpty {
      warnings.append(.incompleteCaches(cpus: incomplete))
    }
    return caches.sorted {
      ($0.level, $0.type.rawValue, $0.sizeBytes ?? 0) < ($1.level, $1.type.rawValue, $1.sizeBytes ?? 0)
    }
  }

  private init(files: any FileTree, online: CPUSet) {
    self.files = files
    self.online = online
  }

  /// Returns the CPUs of which some cache does not say who shares it.
  private mutating func readAll() -> CPUSet {
    var incomplete: CPUSet = []
    // By index: CPUs whose cache of that index is known already, through the CPU that they share it with.
    var known: [CPUSet] = []
    for cpu in online {
      var index = 0
      // A CPU may lack an index that others have: the search ends behind the highest one seen.
      while index <= known.count {
        defer { index += 1 }
        if index < known.count, known[index].contains(cpu) { continue }
        let folder = "\(PresentCPUs.folder)/cpu\(cpu)/cache/index\(index)"
        guard let level = files.integer("\(folder)/level") else { continue }
        if index == known.count { known.append([]) }
        guard let sharers = sharers(of: cpu, folder) else {
          incomplete.insert(cpu)
          continue
        }
        record(level: level, folder, sharers)
        known[index] = known[index].union(sharers)
      }
    }
    return incomplete
  }

  private func sharers(of cpu: Int, _ folder: String) -> CPUSet? {
    let set = files.cpus(mask: "\(folder)/shared_cpu_map", list: "\(folder)/shared_cpu_list")?.intersection(online)
    return set.flatMap { $0.contains(cpu) ? $0 : nil }
  }

  private mutating func record(level: Int, _ folder: String, _ sharers: CPUSet) {
    guard let word = files.text("\(folder)/type"), let type = Machine.Cache.Kind(rawValue: word) else { return }
    let size = files.bytes("\(folder)/size").flatMap { KernelText.cacheSize($0[...]) }
    if let at = found.firstIndex(where: { $0.level == level && $0.type == type && $0.size == size }) {
      found[at].sets.append(sharers)
    } else {
      found.append(Alike(level: level, type: type, size: size, sets: [sharers]))
    }
  }
}
