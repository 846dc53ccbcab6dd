/// A message between this program and its worker processes: numbers of eight bytes and texts, in the machine's own byte
/// order, since both ends are one program on one machine.
struct Frame {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ number: Int) { withUnsafeBytes(of: number) { bytes += $0 } }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    bytes += text.utf8
  }

  /// Reads the numbers and texts of a frame in the order in which they were put in; nil where there is no such thing.
  struct Reader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func number() -> Int? {
      guard rest.count >= 8 else { return nil }
      defer { rest = rest.dropFirst(8) }
      return rest.withUnsafeBytes { $0.loadUnaligned(as: Int.self) }
    }

    mutating func text() -> String? {
      guard let count = number(), count >= 0, count <= rest.count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return String(decoding: rest.prefix(count), as: UTF8.self)
    }
  }
}
