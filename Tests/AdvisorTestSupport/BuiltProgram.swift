import FoundationEssentials

/// The `advisor` that was built with the tests.
public enum BuiltProgram {
  /// `ADVISOR_PROGRAM`, else the one beside the bundle of tests, which is an executable in the folder of the products.
  public static let path: String = {
    if let given = ProcessInfo.processInfo.environment["ADVISOR_PROGRAM"] { return given }
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return bundle.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/advisor"
  }()
}

/// The Python that tests use, where there is one.
public enum TestPython {
  public static let path = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  public static let isThere = path != nil
}
