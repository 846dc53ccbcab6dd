/// What a replacement string takes of an input; the raw value is its name between the braces.
///
/// The rules are those of GNU parallel's `{.}`, `{/}`, `{//}` and `{/.}`.
enum PathPart: String, Sendable, Hashable, CaseIterable {
  case whole = ""
  case withoutExtension = "."
  case lastComponent = "/"
  case folder = "//"
  case lastComponentWithoutExtension = "/."

  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")

  func of(_ input: [UInt8]) -> [UInt8] {
    switch self {
    case .whole: input
    case .withoutExtension: Array(Self.withoutExtension(input[...]))
    case .lastComponent: Array(Self.lastComponent(input))
    case .lastComponentWithoutExtension: Array(Self.withoutExtension(Self.lastComponent(input)))
    case .folder: Self.folder(input)
    }
  }

  /// An extension is the last dot of the last component and what follows it.
  private static func withoutExtension(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let mark = path.lastIndex(where: { $0 == dot || $0 == slash }), path[mark] == dot else { return path }
    return path[..<mark]
  }

  private static func lastComponent(_ path: [UInt8]) -> ArraySlice<UInt8> {
    path[(path.lastIndex(of: slash).map { $0 + 1 } ?? 0)...]
  }

  /// As `dirname` (POSIX) has it: `.` for a name without a slash, `/` for the root.
  private static func folder(_ path: [UInt8]) -> [UInt8] {
    let trimmed = withoutTrailingSlashes(path[...])
    guard !trimmed.isEmpty else { return path.isEmpty ? [dot] : [slash] }
    guard let last = trimmed.lastIndex(of: slash) else { return [dot] }
    let folder = withoutTrailingSlashes(trimmed[..<last])
    return folder.isEmpty ? [slash] : Array(folder)
  }

  private static func withoutTrailingSlashes(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    path[..<(path.lastIndex { $0 != slash }.map { $0 + 1 } ?? path.startIndex)]
  }
}
