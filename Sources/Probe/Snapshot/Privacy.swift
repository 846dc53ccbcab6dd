import System

/// Takes out of recorded files what a probe does not use, and what tells of the machine's users.
struct Privacy {
  /// The lines that a probe uses, by how they start; other files hold nothing else.
  private static let usedLines: [String: [String]] = [
    "/proc/cmdline": [],
    "/proc/cpuinfo": [
      "processor", "vendor_id", "model name", "Model Name", "cpu\t", "uarch", "Processor", "CPU implementer",
      "CPU part",
      "physical id", "core id", "cache", "cpu number", "cpu model",
    ],
    "/proc/meminfo": ["MemTotal:", "MemFree:", "HugePages_Total:", "Hugepagesize:", "Hugetlb:"],
    "/proc/self/limits": ["Max open files", "Max processes"],
    "/proc/self/status": ["Cpus_allowed_list:", "Mems_allowed_list:", "CapEff:"],
  ]

  private let mounts: [CgroupMount]
  private var pseudonyms: [String: String] = [:]

  init(mounts: [CgroupMount]) { self.mounts = mounts }

  func cleared(_ files: [String: [UInt8]]) -> [String: [UInt8]] {
    var privacy = self
    var cleared: [String: [UInt8]] = [:]
    // In order, for the pseudonyms to be the same in every snapshot of a machine.
    for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
      cleared[privacy.path(path)] = privacy.contents(of: path, bytes)
    }
    return cleared
  }

  private mutating func contents(of path: String, _ bytes: [UInt8]) -> [UInt8] {
    switch path {
    case "/proc/cmdline":
      let words = KernelText.words(bytes[...]).filter { $0.starts(with: "isolcpus=".utf8) }
      return Array(words.joined(separator: [UInt8(ascii: " ")]))
    case "/proc/self/cgroup": return lines(bytes) { $0.membership($1) }
    case "/proc/self/mountinfo": return lines(bytes) { $0.mount($1) }
    case CPUInfo.path: return lines(bytes) { Self.processor($1) }
    default:
      let used = path.hasSuffix("/memory.stat") ? ["hierarchical_memory_limit "] : Self.usedLines[path]
      guard let used else { return bytes }
      return lines(bytes) { _, line in used.contains { line.starts(with: $0.utf8) } ? Array(line) : nil }
    }
  }

  /// The line with only the flag of a hypervisor.
  private static func processor(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    guard line.starts(with: "flags".utf8) else { return isUsed(line, CPUInfo.path) ? Array(line) : nil }
    return Array((CPUInfo.isVirtual(Array(line)) == true ? "flags\t\t: hypervisor" : "flags\t\t:").utf8)
  }

  private static func isUsed(_ line: ArraySlice<UInt8>, _ path: String) -> Bool {
    usedLines[path]?.contains { line.starts(with: $0.utf8) } ?? false
  }

  private mutating func lines(_ bytes: [UInt8], _ cleared: (inout Privacy, ArraySlice<UInt8>) -> [UInt8]?) -> [UInt8] {
    var kept: [UInt8] = []
    for line in KernelText.lines(bytes) {
      if let line = cleared(&self, line) { kept += line + [UInt8(ascii: "\n")] }
    }
    return kept
  }

  /// `4:memory:/user.slice/user-1000.slice`
  private mutating func membership(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    guard let slash = line.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    return Array(line[..<slash]) + hidden(KernelText.string(line[slash...])).utf8
  }

  private mutating func mount(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    guard let mount = CgroupMount(mountinfo: line) else { return nil }
    var words = KernelText.words(line)
    words[3] = ArraySlice(hidden(mount.root).utf8)
    return Array(words.joined(separator: [UInt8(ascii: " ")]))
  }

  /// The path of a cgroup's file, with the folders below the mount point renamed.
  private mutating func path(_ path: String) -> String {
    let points = mounts.map(\.point).filter { path.hasPrefix($0 + "/") }
    guard let point = points.max(by: { $0.utf8.count < $1.utf8.count }), let slash = path.lastIndex(of: "/"),
      case let folder = path[..<slash].dropFirst(point.count), !folder.isEmpty
    else { return path }
    return point + hidden(String(folder)) + path[slash...]
  }

  /// Each name of the path exchanged for `g1`, `g2` and so on; `..` stays.
  private mutating func hidden(_ path: String) -> String {
    let names = path.split(separator: "/").map { name -> String in
      if name == ".." { return ".." }
      let pseudonym = pseudonyms[String(name)] ?? "g\(pseudonyms.count + 1)"
      pseudonyms[String(name)] = pseudonym
      return pseudonym
    }
    return "/" + names.joined(separator: "/")
  }
}
