import AdvisorCore

/// What `/proc/cpuinfo` says of each CPU: the only source on kernels without sysfs, and the only one for a model's name.
struct CPUInfo {
  struct Processor {
    var number: Int
    var physicalID: Int?
    var coreID: Int?
  }

  static let path = "/proc/cpuinfo"

  var processors: [Processor] = []

  /// The whole file: slow on large machines, where the kernel asks every CPU for its clock.
  init(in files: any FileTree) {
    guard let bytes = files.read(Self.path, limit: 64 << 20) else { return }
    for line in KernelText.lines(bytes) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let key = KernelText.trim(line[..<colon])
      guard let value = KernelText.integer(line[(colon + 1)...]), value >= 0 else { continue }
      if key.elementsEqual("processor".utf8), value <= CPUSet.highestCPU {
        processors.append(Processor(number: value))
      } else if !processors.isEmpty, key.elementsEqual("physical id".utf8) {
        processors[processors.count - 1].physicalID = value
      } else if !processors.isEmpty, key.elementsEqual("core id".utf8) {
        processors[processors.count - 1].coreID = value
      }
    }
  }

  /// The CPU's name as its vendor gives it; from the first processor's entry alone.
  ///
  /// The key differs by architecture: x86 and LoongArch, POWER and SPARC, RISC-V, Itanium.
  static func model(in files: any FileTree) -> String? {
    guard let head = files.read(path, limit: 4096) else { return nil }
    for key in ["model name", "Model Name", "cpu", "uarch", "family"] {
      if let name = KernelText.value(of: key, in: head), !name.isEmpty { return KernelText.string(name) }
    }
    return nil
  }
}
