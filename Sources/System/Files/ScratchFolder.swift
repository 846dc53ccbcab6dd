private import Glibc

package enum ScratchFolder {
  /// Makes a folder that nobody else may look into (mode 0700) under a name that was not there.
  ///
  /// - Returns: its path, absolute where the parent's can be.
  package static func make(in parent: String, prefix: String) throws(WriteFault) -> String {
    let whole = realpath(parent, nil).map { path in
      defer { free(path) }
      return String(cString: path)
    }
    var name = Array("\(whole ?? parent)/\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw WriteFault(errno) }
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
