private import Glibc

/// A POSIX extended regular expression (regex(7)) over bytes; of Perl's it knows `\t`, `\d` and, as glibc does, `\s` and `\w`.
///
/// Nothing changes it once it is compiled: matching takes a lock of its own (regexec(3): MT-Safe).
package final class RegularExpression: @unchecked Sendable {
  private let compiled: UnsafeMutablePointer<regex_t>

  /// Nil where the text is none.
  package init?(_ text: String) {
    let regex = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    regex.initialize(to: regex_t())
    let posix = text.replacing("\\t", with: "\t").replacing("\\d", with: "[0-9]")
    guard regcomp(regex, posix, REG_EXTENDED) == 0 else {
      regex.deallocate()
      return nil
    }
    compiled = regex
  }

  deinit {
    regfree(compiled)
    compiled.deallocate()
  }

  /// The first match from an index on, if it has at least a byte; the longest there.
  package func firstMatch(in bytes: [UInt8], from start: Int) -> Range<Int>? {
    var match = regmatch_t(rm_so: regoff_t(start), rm_eo: regoff_t(bytes.count))
    let code = bytes.withUnsafeBytes { bytes -> Int32 in
      guard let base = bytes.bindMemory(to: CChar.self).baseAddress else { return 1 }
      return regexec(compiled, base, 1, &match, REG_STARTEND | (start > 0 ? REG_NOTBOL : 0))
    }
    guard code == 0, match.rm_eo > match.rm_so else { return nil }
    return Int(match.rm_so)..<Int(match.rm_eo)
  }
}
