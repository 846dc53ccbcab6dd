import AdvisorCore
import System

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
      // IBM Z writes `processor 0: version = …`, and the number again in a line of its own.
      let isNumber = key.elementsEqual("processor".utf8) || key.elementsEqual("cpu number".utf8)
      if isNumber, value <= CPUSet.highestCPU {
        processors.append(Processor(number: value))
      } else if !processors.isEmpty, key.elementsEqual("physical id".utf8) {
        processors[processors.count - 1].physicalID = value
      } else if !processors.isEmpty, key.elementsEqual("core id".utf8) {
        processors[processors.count - 1].coreID = value
      }
    }
  }

  /// The first processor's entry, which is enough for most questions; the whole file takes long.
  static func head(in files: any FileTree) -> [UInt8]? { files.read(path, limit: 4096) }

  /// The CPU's name as its vendor gives it; of unequal cores all names.
  ///
  /// The key differs by architecture: x86 and Itanium, LoongArch, POWER and SPARC, RISC-V, MIPS, 32-bit Arm.
  static func model(_ head: [UInt8]?, in files: any FileTree) -> String? {
    guard let head else { return nil }
    if let name = KernelText.value(of: "model name", in: head) { return KernelText.string(name) }
    let cores = armCores(in: files)
    guard cores.isEmpty else { return cores.joined(separator: " + ") }
    for key in ["Model Name", "cpu", "uarch", "cpu model", "Processor"] {
      if let name = KernelText.value(of: key, in: head), !name.isEmpty { return KernelText.string(name) }
    }
    return nil
  }

  /// Whether the CPU says that a hypervisor runs it, which on x86 is a bit of its own (CPUID 1, ECX 31); nil elsewhere.
  static func isVirtual(_ head: [UInt8]?) -> Bool? {
    guard let flags = head.flatMap({ KernelText.value(of: "flags", in: $0) }) else { return nil }
    return KernelText.words(flags).contains { $0.elementsEqual("hypervisor".utf8) }
  }

  /// The different cores of an Arm machine, in the order of their first CPU.
  private static func armCores(in files: any FileTree) -> [String] {
    var implementer: Int?
    var names: [String] = []
    for line in KernelText.lines(files.read(path, limit: 64 << 20) ?? []) {
      if let number = hexadecimal(after: "CPU implementer", line) { implementer = number }
      guard let implementer, let part = hexadecimal(after: "CPU part", line) else { continue }
      let name = ArmParts.name(implementer: implementer, part: part)
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// `CPU part	: 0xd0c`
  private static func hexadecimal(after key: String, _ line: ArraySlice<UInt8>) -> Int? {
    guard line.starts(with: key.utf8) else { return nil }
    return KernelText.words(line).last.flatMap { word in
      word.starts(with: "0x".utf8) ? Int(KernelText.string(word.dropFirst(2)), radix: 16) : nil
    }
  }
}
