/// The checkout that the tests were built from.
public enum Repository {
  /// Path of its root, without a slash at the end.
  public static let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
}
