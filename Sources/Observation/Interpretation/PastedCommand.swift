/// A command as a line to paste into a shell.
struct PastedCommand {
  let words: [String]

  /// Options that say how many workers, threads or jobs there are: make, ninja, cargo, pytest, xargs, zstd and their like.
  private static let knobs: Set<String> = [
    "-j", "-P", "-n", "-t", "-T", "-p", "--jobs", "--threads", "--workers", "--max-procs", "--processes", "--parallel",
  ]

  /// After a verb of advisor; nil where there is no command.
  func line(after verb: String) -> String? {
    line(after: ["advisor", verb, "--"])
  }

  /// After the words of another program; nil where there is no command.
  func line(after words: [String]) -> String? {
    self.words.isEmpty ? nil : (words + self.words).map(Self.quoted).joined(separator: " ")
  }

  /// Sets a limit of a cgroup: by systemd where the group is one of its units, else by the file itself.
  static func setting(_ source: String, to value: String, property: String, _ propertyValue: String) -> String {
    let folders = source.split(separator: "/").dropLast()
    if let unit = folders.last, [".service", ".scope", ".slice"].contains(where: { unit.hasSuffix($0) }) {
      return "systemctl set-property --runtime \(quoted(String(unit))) \(property)=\(propertyValue)"
    }
    return "echo \(value) > \(quoted(source))"
  }

  /// With `{n}` in place of the number of workers, for `advisor tune`; nil where it has none.
  var tuned: String? {
    for (index, word) in words.enumerated() {
      if let knob = Self.knobs.first(where: { Self.isCount(word.dropFirst($0.count)) && word.hasPrefix($0) }) {
        return replacing(index, "\(knob){n}")
      }
      let parts = word.split(separator: "=", maxSplits: 1)
      if parts.count == 2, Self.knobs.contains(String(parts[0])), Self.isCount(parts[1]) {
        return replacing(index, "\(parts[0])={n}")
      }
      if index > 0, Self.knobs.contains(words[index - 1]), Self.isCount(word[...]) { return replacing(index, "{n}") }
    }
    return nil
  }

  private func replacing(_ index: Int, _ word: String) -> String? {
    var words = words
    words[index] = word
    return PastedCommand(words: words).line(after: "tune")
  }

  private static func isCount(_ text: Substring) -> Bool { !text.isEmpty && text.allSatisfy(\.isWholeNumber) }

  /// For POSIX shells: within apostrophes, unless nothing in it means anything to them.
  private static func quoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.unicodeScalars.allSatisfy { plain.contains($0) }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_{}".unicodeScalars)
}
