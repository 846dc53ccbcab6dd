import System

/// Where a cgroup hierarchy is mounted.
struct CgroupMount: Equatable {
  /// The controllers of a version 1 mount; nil for version 2, which may have any.
  var controllers: [String]?
  /// The cgroup that is seen at the mount point, as `/proc/self/cgroup` writes paths; `/..` is above the namespace.
  var root: String
  var point: String
}

extension CgroupMount {
  static let tablePath = "/proc/self/mountinfo"

  /// The mounted hierarchies, from `/proc/self/mountinfo` or, before Linux 2.6.26, `/proc/mounts`.
  static func all(in files: any FileTree) -> [CgroupMount]? {
    if let table = files.bytes(tablePath) {
      return KernelText.lines(table).compactMap(CgroupMount.init(mountinfo:))
    }
    return (files.bytes("/proc/self/mounts") ?? files.bytes("/proc/mounts")).map { table in
      KernelText.lines(table).compactMap(CgroupMount.init(mounts:))
    }
  }

  /// `34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime shared:9 - cgroup cgroup rw,cpuset`: any number of fields may
  /// stand before the dash. See `proc_pid_mountinfo(5)`.
  init?(mountinfo line: ArraySlice<UInt8>) {
    let words = KernelText.words(line)
    guard let dash = words.dropFirst(6).firstIndex(where: { $0.elementsEqual("-".utf8) }), dash + 3 < words.count
    else { return nil }
    self.init(type: words[dash + 1], root: words[3], point: words[4], options: words[dash + 3])
  }

  /// `none /dev/cpuset cpuset rw 0 0`: see `fstab(5)`.
  init?(mounts line: ArraySlice<UInt8>) {
    let words = KernelText.words(line)
    guard words.count >= 4 else { return nil }
    self.init(type: words[2], root: ArraySlice("/".utf8), point: words[1], options: words[3])
  }

  private init?(
    type: ArraySlice<UInt8>, root: ArraySlice<UInt8>, point: ArraySlice<UInt8>, options: ArraySlice<UInt8>
  ) {
    switch KernelText.string(type) {
    case "cgroup2": controllers = nil
    case "cgroup": controllers = options.split(separator: UInt8(ascii: ",")).map(KernelText.string)
    case "cpuset": controllers = ["cpuset"]
    default: return nil
    }
    self.root = Self.unescape(root)
    self.point = Self.unescape(point)
  }

  /// Blanks and backslashes stand in mount tables as `\040` and the like.
  private static func unescape(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(UInt8(ascii: "\\")) else { return KernelText.string(bytes) }
    var result: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3).map { Int($0) - Int(UInt8(ascii: "0")) }
      if byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy((0...7).contains), digits[0] <= 3 {
        result.append(UInt8(digits[0] * 64 + digits[1] * 8 + digits[2]))
        rest.removeFirst(3)
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether groups of a controller may be here.
  func mayHold(_ controller: String) -> Bool { controllers?.contains(controller) ?? true }

  /// The folder of a cgroup below this mount; nil where the cgroup lies outside of what is mounted.
  func folder(of cgroup: String) -> String? {
    let root = root == "/" ? "" : root
    let cgroup = cgroup == "/" ? "" : cgroup
    guard cgroup == root || cgroup.hasPrefix(root + "/") else { return nil }
    let below = String(cgroup.dropFirst(root.count))
    return below.hasPrefix("/..") ? nil : point + below
  }
}
