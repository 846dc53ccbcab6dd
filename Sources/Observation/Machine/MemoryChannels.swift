import AdvisorCore
import Probe
import System

/// How many of the memory channels hold a module.
struct MemoryChannels: Sendable, Hashable {
  var filled: Int
  var channels: Int
  var file: String

  static let controllers = "/sys/devices/system/edac/mc"
  static let firmware = "/sys/firmware/dmi/tables/DMI"

  /// The kernel's memory controllers first, which anyone may read; then the firmware's list of modules, which is root's.
  ///
  /// - Returns: nil where neither tells of channels.
  init?(in files: any FileTree) {
    guard let found = Self.ofControllers(in: files) ?? Self.ofFirmware(in: files) else { return nil }
    self = found
  }

  private init(filled: Int, channels: Int, file: String) {
    self.filled = filled
    self.channels = channels
    self.file = file
  }

  /// `mc0/max_location` says `channel 5 slot 1`, and `mc0/dimm0/dimm_location` where a module is
  /// (Documentation/admin-guide/RAS/main.rst).
  private static func ofControllers(in files: any FileTree) -> MemoryChannels? {
    var sum = MemoryChannels(filled: 0, channels: 0, file: controllers)
    for number in files.numbers(in: controllers, after: "mc") ?? [] {
      let path = "\(controllers)/mc\(number)"
      guard let last = files.bytes("\(path)/max_location").flatMap(channel), last >= 0, last < 1024 else { continue }
      let slots = (files.list(path) ?? []).filter { $0.hasPrefix("dimm") || $0.hasPrefix("rank") }
      let full = slots.filter { (files.integer("\(path)/\($0)/size") ?? 0) > 0 }
      sum.filled += Set(full.compactMap { files.bytes("\(path)/\($0)/dimm_location").flatMap(channel) }).count
      sum.channels += last + 1
    }
    return sum.filled > 0 && sum.filled <= sum.channels ? sum : nil
  }

  private static func channel(_ location: [UInt8]) -> Int? {
    let words = KernelText.words(location[...])
    let index = words.firstIndex { $0.elementsEqual("channel".utf8) }
    return index.flatMap { $0 + 1 < words.count ? KernelText.integer(words[$0 + 1]) : nil }
  }

  /// Memory devices (type 17) by the channel that their locators name, such as `P0 CHANNEL A` and `ChannelA-DIMM0`; vendors
  /// are free in how they name them (SMBIOS Reference Specification 3.7, 7.18).
  private static func ofFirmware(in files: any FileTree) -> MemoryChannels? {
    guard let table = files.bytes(firmware) else { return nil }
    var isFilled: [String: Bool] = [:]
    for device in FirmwareStructure.all(in: table) where device.type == 17 {
      guard let size = device.word(at: 0x0c), size != 0xffff,
        let name = [0x11, 0x10].lazy.compactMap({ device.text(at: $0).flatMap(channelName) }).first
      else { return nil }
      isFilled[name, default: false] = isFilled[name] == true || size > 0
    }
    let filled = isFilled.values.count { $0 }
    return filled > 0 ? MemoryChannels(filled: filled, channels: isFilled.count, file: firmware) : nil
  }

  /// All up to the channel's letter or number: `P0 CHANNEL A` of `P0 CHANNEL A`, `CHANNELA` of `ChannelA-DIMM0`.
  private static func channelName(_ locator: String) -> String? {
    let text = locator.uppercased()
    guard let word = text.firstRange(of: "CHANNEL") else { return nil }
    let gap = text[word.upperBound...].prefix { $0 == " " || $0 == "_" || $0 == "-" }
    let name = text[gap.endIndex...].prefix { $0.isLetter || $0.isNumber }
    return name.isEmpty ? nil : String(text[..<name.endIndex])
  }
}

/// A structure of the firmware's tables: a head of a known length, then its texts, each ended by a zero, and another zero.
struct FirmwareStructure {
  let type: UInt8
  private let head: ArraySlice<UInt8>
  private let texts: [ArraySlice<UInt8>]

  /// Those that are whole.
  static func all(in table: [UInt8]) -> [FirmwareStructure] {
    var (found, rest) = ([FirmwareStructure](), table[...])
    while rest.count >= 4, case let length = Int(rest[rest.startIndex + 1]), length >= 4, rest.count >= length + 2 {
      let head = rest.prefix(length)
      let end = (head.endIndex..<(rest.endIndex - 1)).first { rest[$0] == 0 && rest[$0 + 1] == 0 }
      guard let end else { break }
      let texts = rest[head.endIndex..<end].split(separator: 0)
      found.append(FirmwareStructure(type: head[head.startIndex], head: head, texts: texts))
      rest = rest[(end + 2)...]
    }
    return found
  }

  func word(at offset: Int) -> Int? {
    guard offset + 1 < head.count else { return nil }
    return Int(head[head.startIndex + offset]) | Int(head[head.startIndex + offset + 1]) << 8
  }

  /// The text whose number, from 1 on, stands there.
  func text(at offset: Int) -> String? {
    guard offset < head.count, case let number = Int(head[head.startIndex + offset]), number > 0,
      number <= texts.count
    else { return nil }
    return KernelText.string(texts[number - 1])
  }
}
