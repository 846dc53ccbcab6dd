/// What a replacement string takes of an input; the raw value is its name between the braces.
///
/// The rules are those of GNU parallel's `{.}`, `{/}`, `{//}` and `{/.}`.
enum PathPart: String, Sendable, Hashable, CaseIterable {
  case whole = ""
  case withoutExtension = "."
  case lastComponent = "/"
  case folder = "//"
  case lastComponentWithoutExtension = "/."
  // Those of GNU parallel's `--plus`: without two or three extensions, and what the others leave out.
  case withoutTwoExtensions = ".."
  case withoutThreeExtensions = "..."
  case lastComponentWithoutTwoExtensions = "/.."
  case lastComponentWithoutThreeExtensions = "/..."
  case leadingFolders = "+/"
  case lastExtension = "+."
  case twoExtensions = "+.."
  case threeExtensions = "+..."

  /// Those that are always shown.
  static let common: [PathPart] = [.whole, .withoutExtension, .lastComponent, .folder, .lastComponentWithoutExtension]

  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")

  func of(_ input: [UInt8]) -> [UInt8] {
    switch self {
    case .whole: input
    case .withoutExtension: Array(Self.without(1, input[...]))
    case .withoutTwoExtensions: Array(Self.without(2, input[...]))
    case .withoutThreeExtensions: Array(Self.without(3, input[...]))
    case .lastComponent: Array(Self.lastComponent(input))
    case .lastComponentWithoutExtension: Array(Self.without(1, Self.lastComponent(input)))
    case .lastComponentWithoutTwoExtensions: Array(Self.without(2, Self.lastComponent(input)))
    case .lastComponentWithoutThreeExtensions: Array(Self.without(3, Self.lastComponent(input)))
    case .folder: Self.folder(input)
    case .leadingFolders: Array(input[..<max(0, Self.lastComponent(input).startIndex - 1)])
    case .lastExtension: Self.extensions(1, input)
    case .twoExtensions: Self.extensions(2, input)
    case .threeExtensions: Self.extensions(3, input)
    }
  }

  /// Leaves out `count` extensions, or none where there are fewer.
  private static func without(_ count: Int, _ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = path
    for _ in 0..<count {
      let shorter = withoutExtension(rest)
      guard shorter.count < rest.count else { return path }
      rest = shorter
    }
    return rest
  }

  /// The last extensions, without the dot before them; nothing where there are fewer.
  private static func extensions(_ count: Int, _ path: [UInt8]) -> [UInt8] {
    let rest = without(count, path[...])
    return rest.count < path.count ? Array(path[(rest.endIndex + 1)...]) : []
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
