/// What replacement strings there are beside those that always are: names of columns, and strings of the user's own.
public struct ReplacementStrings: Sendable, Hashable {
  /// A string that stands for what one in braces would, as GNU parallel's `-I ,,` has `,,` in place of `{}`.
  public struct Custom: Sendable, Hashable {
    var text: [UInt8]
    /// What would stand between the braces.
    var name: String

    public init(_ text: String, for name: String) { (self.text, self.name) = (Array(text.utf8), name) }
  }

  public var columns: [String]
  public var custom: [Custom]
  /// Whether there are those that edit an input, as GNU parallel's `--plus` has them.
  public var hasEdits: Bool

  public init(columns: [String] = [], custom: [Custom] = [], hasEdits: Bool = false) {
    (self.columns, self.custom, self.hasEdits) = (columns, custom, hasEdits)
  }

  /// The custom string that the text starts with.
  func custom(at text: ArraySlice<UInt8>) -> Custom? { custom.first { text.starts(with: $0.text) } }

  /// Whether the string in braces is an ordinary text, since another one stands in for it.
  func isReplaced(_ name: ArraySlice<UInt8>) -> Bool { custom.contains { name.elementsEqual($0.name.utf8) } }
}
