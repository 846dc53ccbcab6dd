/// The escapes that GNU parallel and printf know, as shells hand them over: `\n`, `\t`, `\r` and `\0`.
enum Escapes {
  static func bytes(_ text: String) -> [UInt8] {
    var text = text
    for (escape, character) in [("\\n", "\n"), ("\\t", "\t"), ("\\r", "\r"), ("\\0", "\0")] {
      text = text.replacing(escape, with: character)
    }
    return Array(text.utf8)
  }
}
