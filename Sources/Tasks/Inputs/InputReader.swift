public import AdvisorCore
import Documents
private import func Glibc.memchr
package import System

/// Reads inputs one at a time from a file or a pipe, with a bounded buffer and without blocking on a slow writer.
public final class InputReader {
  /// The byte that ends an input.
  public struct Separator: Sendable, Hashable {
    let byte: UInt8

    public init(_ byte: UInt8) { self.byte = byte }

    public static let newline = Separator(10)
    /// As `find -print0` writes them.
    public static let null = Separator(0)
  }

  enum Next: Equatable {
    case input([UInt8])
    /// More will come: ask again when the descriptor is readable.
    case waiting
    case end
  }

  /// Longer inputs are refused: Linux takes at most 128 KiB in one argument (`MAX_ARG_STRLEN`, execve(2)).
  static let longestInput = 1 << 20

  /// The longest input that it takes, in bytes: more where inputs become no arguments.
  var maxInputBytes = InputReader.longestInput

  private let input: Int32
  /// What is closed with this value; nil where that is the caller's.
  private let file: Descriptor?
  /// As messages call it.
  let name: String
  private let separator: Separator
  private var buffer: [UInt8] = []
  /// Where the next input starts, and how far the search for its end has come.
  private var start = 0
  private var searched = 0
  private var isAtEnd = false
  /// Lines read so far, or what stands between nulls.
  private(set) var number = 0
  /// Whether an empty line is an input too.
  var keepsEmptyLines = false
  /// Whether text that begins as UTF-16 does is read as such; else bytes stay what they are.
  var takesUTF16 = false
  private var utf16: UTF16Text?

  /// Opens a file; its inputs are not read yet.
  ///
  /// - Throws: `AdvisorError` (badData) when it cannot be opened.
  public convenience init(path: String, separator: Separator = .newline) throws(AdvisorError) {
    guard let file = Descriptor(opening: path) else {
      throw AdvisorError(
        .badData, "cannot read the inputs in “\(path)”: \(Errno.last.text)",
        advice: "name a file that exists and that you may read, with one input a line")
    }
    self.init(file, name: "“\(path)”", separator: separator)
  }

  /// Whether anybody offers inputs on standard input: not where it is a terminal, the null device, as in a scheduled job, or
  /// closed. An empty pipe or file offers none too, but is known to only once it is read.
  public static var standardInputIsOffered: Bool {
    guard !StandardStream.isTerminal(StandardStream.input),
      let status = FileStatus(descriptor: StandardStream.input)
    else { return false }
    // Linux, Documentation/admin-guide/devices.txt: character device 1, 3.
    return !status.isNullDevice
  }

  /// Reads standard input.
  public convenience init(standardInput separator: Separator) {
    self.init(nil, name: "standard input", separator: separator)
  }

  /// - Parameter file: nil stands for standard input, which stays open.
  package init(_ file: consuming Descriptor?, name: String, separator: Separator) {
    input = file?.number ?? StandardStream.input
    self.file = file
    self.name = name
    self.separator = separator
  }

  public var descriptor: Int32? { input }

  /// The next input. Empty lines are passed over; between nulls, empty inputs count.
  ///
  /// - Throws: `AdvisorError` (badData) when the file cannot be read, or holds what can be no argument.
  func next() throws(AdvisorError) -> Next {
    while true {
      if let end = Self.index(of: separator.byte, in: buffer, from: searched) {
        let input = Array(buffer[start..<end])
        (start, searched) = (end + 1, end + 1)
        if let input = try checked(input) { return .input(input) }
      } else if isAtEnd {
        let input = Array(buffer[start...])
        (start, searched) = (buffer.count, buffer.count)
        if !input.isEmpty, let input = try checked(input) { return .input(input) }
        return .end
      } else {
        searched = buffer.count
        guard isReady else { return .waiting }
        try fill()
      }
    }
  }

  /// The next input, however long it takes to come; nil at the end.
  func nextBlocking() throws(AdvisorError) -> [UInt8]? {
    while true {
      switch try next() {
      case .input(let input): return input
      case .end: return nil
      case .waiting:
        Poll.waitToRead(input)
      }
    }
  }

  private func checked(_ input: [UInt8]) throws(AdvisorError) -> [UInt8]? {
    number += 1
    if input.isEmpty, separator == .newline, !keepsEmptyLines { return nil }
    guard separator == .null || Self.index(of: 0, in: input, from: 0) == nil else {
      throw AdvisorError(
        .badData, "line \(number) of \(name) holds a null byte, which no argument can",
        advice: "use -0 if the inputs are separated by null bytes")
    }
    return input
  }

  private static func index(of byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { bytes in
      guard start < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + start, Int32(byte), bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  /// Whether a read would return at once: a file always, a pipe when there is something in it.
  private var isReady: Bool { Poll.waitToRead(input, milliseconds: 0) != 0 }

  private func fill() throws(AdvisorError) {
    buffer.removeSubrange(..<start)
    (searched, start) = (searched - start, 0)
    guard buffer.count <= maxInputBytes else {
      let limit = Quantity.text(bytes: Double(maxInputBytes))
      let why = maxInputBytes == Self.longestInput ? "; Linux takes 128 KiB in one argument" : ""
      throw AdvisorError(
        .badData, "input \(number + 1) of \(name) is longer than \(limit)\(why)",
        advice: "put one input on a line, or use -0 if they are separated by null bytes")
    }
    let (count, code) = withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { space in
      let count = OpenFile.read(input, into: space)
      let code = Errno.last
      add(UnsafeRawBufferPointer(rebasing: space[..<max(0, count)]))
      return (count, code)
    }
    guard count >= 0 else {
      throw AdvisorError(
        .badData, "cannot read the inputs in \(name): \(code.text)",
        advice: "name a file with one input a line")
    }
    isAtEnd = count == 0
  }

  private func add(_ bytes: UnsafeRawBufferPointer) {
    guard takesUTF16 else {
      buffer.append(contentsOf: bytes)
      return
    }
    if utf16 != nil {
      buffer += utf16?.text(of: bytes) ?? []
      return
    }
    buffer.append(contentsOf: bytes)
    // A pipe may bring a single byte first, which tells nothing.
    guard buffer.count >= 2 else { return }
    takesUTF16 = false
    guard var text = UTF16Text(startingWith: buffer) else { return }
    buffer = text.text(of: buffer)
    (utf16, takesUTF16) = (text, true)
  }
}
