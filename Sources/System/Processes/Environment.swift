private import Glibc

/// This process's environment variables (environ(7)), which the programs that it starts inherit.
package enum Environment {
  /// The value of a variable; nil where it is unset.
  package static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Sets a variable. Returns false where it can have no such name.
  ///
  /// - Parameter replaces: whether it is set also where it has a value.
  @discardableResult
  package static func set(_ name: String, to value: String, replaces: Bool = true) -> Bool {
    setenv(name, value, replaces ? 1 : 0) == 0
  }

  /// The folder for temporary files: `TMPDIR`, or `/tmp`.
  package static var temporaryFolder: String { value("TMPDIR") ?? "/tmp" }

  /// All variables, each as NAME=VALUE.
  package static var entries: [String] {
    var result: [String] = []
    forEach { result.append(String(cString: $0)) }
    return result
  }

  /// What the variables take of ``SystemConstant/maxArgumentBytes``, with a pointer and a null each (execve(2)).
  package static var argumentBytes: Int {
    var bytes = 0
    forEach { bytes += strlen($0) + 9 }
    return bytes
  }

  private static func forEach(_ body: (UnsafeMutablePointer<CChar>) -> Void) {
    var entry = environ
    while let text = entry.pointee {
      body(text)
      entry += 1
    }
  }
}
