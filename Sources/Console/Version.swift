private import CBuild

public enum Version {
  public static let current = "0.1.0"

  /// The answer to `--version`: `advisor 0.1.0 (c8642b4, Swift 6.3.1, x86_64-linux)`, as far as the build was told.
  public static let description: String = {
    let facts = [text(cbuild_commit()), text(cbuild_compiler()).map { "Swift \($0)" }, "\(architecture)-linux", note]
    return "advisor \(current) (\(TextReport.join(facts.compactMap(\.self), by: ", ")))"
  }()

  private static func text(_ fact: UnsafePointer<CChar>?) -> String? { fact.map { String(cString: $0) } }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #else
      "other"
    #endif
  }

  private static var note: String? {
    #if DEBUG
      "debug build"
    #else
      nil
    #endif
  }
}
