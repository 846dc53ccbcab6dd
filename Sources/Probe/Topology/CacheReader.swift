import AdvisorCore

/// Reads the caches of the online CPUs from `cpuN/cache/indexM`.
struct CacheReader {
  private struct Key: Hashable {
    var level: Int
    var type: Machine.Cache.Kind
    var size: Int?
  }

  private let files: any FileTree
  private let online: CPUSet
  private var found: [Key: [CPUSet]] = [:]

  /// Caches ordered by level, then type and size.
  static func caches(of online: CPUSet, in files: any FileTree, warnings: inout [String]) -> [Machine.Cache] {
    var reader = CacheReader(files: files, online: online)
    let unshared = reader.readAll()
    if reader.found.isEmpty {
      warnings.append("The caches are unknown: \(PresentCPUs.folder)/cpu*/cache is missing.")
    } else if !unshared.isEmpty {
      warnings.append(
        "Some caches of CPUs \(unshared) are left out: cache/index*/shared_cpu_list is missing or malformed.")
    }
    return reader.found.map { key, sets in
      Machine.Cache(level: key.level, type: key.type, sizeBytes: key.size, sets: sets)
    }.sorted { ($0.level, $0.type.rawValue, $0.sizeBytes ?? 0) < ($1.level, $1.type.rawValue, $1.sizeBytes ?? 0) }
  }

  private init(files: any FileTree, online: CPUSet) {
    self.files = files
    self.online = online
  }

  /// Returns the CPUs that have caches which do not say who shares them.
  private mutating func readAll() -> CPUSet {
    var unshared: CPUSet = []
    // By index: CPUs whose cache of that index is known already, through the CPU that they share it with.
    var known: [CPUSet] = []
    for cpu in online {
      var index = 0
      while true {
        if index == known.count { known.append([]) }
        if !known[index].contains(cpu) {
          let folder = "\(PresentCPUs.folder)/cpu\(cpu)/cache/index\(index)"
          guard let level = files.integer("\(folder)/level") else { break }
          if let sharers = sharers(of: cpu, folder) {
            record(level: level, folder, sharers)
            known[index] = known[index].union(sharers)
          } else {
            unshared.insert(cpu)
          }
        }
        index += 1
      }
    }
    return unshared
  }

  private func sharers(of cpu: Int, _ folder: String) -> CPUSet? {
    let set = files.cpus(list: "\(folder)/shared_cpu_list", mask: "\(folder)/shared_cpu_map")?.intersection(online)
    return set.flatMap { $0.contains(cpu) ? $0 : nil }
  }

  private mutating func record(level: Int, _ folder: String, _ sharers: CPUSet) {
    guard let word = files.text("\(folder)/type"), let type = Machine.Cache.Kind(rawValue: word) else { return }
    found[Key(level: level, type: type, size: size("\(folder)/size")), default: []].append(sharers)
  }

  /// `32K` is 32 KiB.
  private func size(_ path: String) -> Int? {
    guard var digits = files.bytes(path).map({ KernelText.trim($0[...]) }), let unit = digits.popLast() else {
      return nil
    }
    let shift = unit == UInt8(ascii: "K") ? 10 : unit == UInt8(ascii: "M") ? 20 : nil
    guard let shift, let number = KernelText.integer(digits), 0 < number, number <= Int.max >> shift else { return nil }
    return number << shift
  }
}
