import System

/// Reads and writes regular files in the format of tar(5), POSIX 1003.1-1988 with the long names of GNU and pax.
enum TarArchive {
  private static let block = 512

  /// The regular files by absolute path, with links, devices and everything else left out.
  ///
  /// - Returns: nil where the bytes are no archive, or one that was cut off. A path that climbs with `..` is left out:
  ///   an archive may come from anybody.
  static func files(in archive: [UInt8]) -> [String: [UInt8]]? {
    var files: [String: [UInt8]] = [:]
    var longName: String?
    var position = 0
    while position + block <= archive.count {
      let header = archive[position..<position + block]
      if header.allSatisfy({ $0 == 0 }) { return files }
      guard isSound(header), let size = octal(field(header, 124, 12)), size <= archive.count - position - block
      else { return nil }
      let contents = archive[position + block..<position + block + size]
      switch header[header.startIndex + 156] {
      case UInt8(ascii: "0"), 0:
        if let path = absolute(longName ?? name(header)) { files[path] = Array(contents) }
        longName = nil
      case UInt8(ascii: "L"): longName = text(contents)
      case UInt8(ascii: "x"): longName = paxPath(contents) ?? longName
      default: longName = nil
      }
      position += block + (size + block - 1) / block * block
    }
    return nil
  }

  /// - Parameter files: contents by absolute path.
  static func archive(of files: [String: [UInt8]]) -> [UInt8] {
    var archive: [UInt8] = []
    for (path, contents) in files.sorted(by: { $0.key < $1.key }) {
      let name = Array(path.utf8.drop { $0 == UInt8(ascii: "/") })
      if name.count > 100 { archive += entry("././@LongLink".utf8.map(\.self), type: "L", name + [0]) }
      archive += entry(Array(name.prefix(100)), type: "0", contents)
    }
    return archive + Array(repeating: 0, count: 2 * block)
  }

  private static func entry(_ name: [UInt8], type: Unicode.Scalar, _ contents: [UInt8]) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: block)
    func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
      for (index, byte) in bytes.enumerated() { header[offset + index] = byte }
    }
    put(name, at: 0)
    put("0000644".utf8, at: 100)
    put(octal(0, digits: 7), at: 108)
    put(octal(0, digits: 7), at: 116)
    put(octal(contents.count, digits: 11), at: 124)
    put(octal(0, digits: 11), at: 136)
    put([UInt8(type.value & 0x7f)], at: 156)
    put("ustar".utf8, at: 257)
    put("00".utf8, at: 263)
    put(octal(checksum(header[...]), digits: 6), at: 148)
    put([0, UInt8(ascii: " ")], at: 154)
    let padding = (block - contents.count % block) % block
    return header + contents + Array(repeating: 0, count: padding)
  }

  private static func field(_ header: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
    header[header.startIndex + offset..<header.startIndex + offset + count]
  }

  private static func isSound(_ header: ArraySlice<UInt8>) -> Bool {
    octal(field(header, 148, 8)) == checksum(header)
  }

  /// The sum of the header's bytes, its own field counted as blanks.
  private static func checksum(_ header: ArraySlice<UInt8>) -> Int {
    header.reduce(0) { $0 + Int($1) } - field(header, 148, 8).reduce(0) { $0 + Int($1) } + 8 * 32
  }

  private static func name(_ header: ArraySlice<UInt8>) -> String {
    let prefix = field(header, 257, 5).elementsEqual("ustar".utf8) ? text(field(header, 345, 155)) : ""
    let name = text(field(header, 0, 100))
    return prefix.isEmpty ? name : "\(prefix)/\(name)"
  }

  private static func absolute(_ name: String) -> String? {
    let parts = name.split(separator: "/").filter { $0 != "." }
    return parts.isEmpty || parts.contains("..") ? nil : "/" + parts.joined(separator: "/")
  }

  /// `27 path=sys/devices/system/…`: records of length, key and value.
  private static func paxPath(_ records: ArraySlice<UInt8>) -> String? {
    for record in records.split(separator: UInt8(ascii: "\n")) {
      guard let space = record.firstIndex(of: UInt8(ascii: " ")) else { continue }
      let pair = record[(space + 1)...]
      if pair.starts(with: "path=".utf8) { return text(pair.dropFirst("path=".utf8.count)) }
    }
    return nil
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func octal(_ bytes: ArraySlice<UInt8>) -> Int? {
    let digits = KernelText.trim(bytes)
    guard !digits.isEmpty, digits.count <= 12 else { return nil }
    return Int(KernelText.string(digits), radix: 8).flatMap { $0 >= 0 ? $0 : nil }
  }

  private static func octal(_ value: Int, digits: Int) -> [UInt8] {
    let text = String(value, radix: 8)
    return Array(repeating: UInt8(ascii: "0"), count: max(0, digits - text.utf8.count)) + text.utf8
  }
}
