/// How a table becomes as narrow as the terminal that it is read on.
extension Table {
  /// No text is broken into less than this: it would become a column of words.
  private static let minTextWidth = 12

  private var width: Int { widths.reduce(0, +) + columns.count - 1 }

  /// Leaves out minor columns, the last first, then breaks the widest texts that can be broken; what is still too wide stays
  /// so.
  func fitted(to limit: Int) -> Table {
    guard width > limit else { return self }
    if let minor = columns.lastIndex(where: \.isMinor) { return without(minor).fitted(to: limit) }
    let texts = columns.indices.filter { columns[$0].alignment == .left }.sorted { widths[$0] > widths[$1] }
    for column in texts {
      let room = max(Self.minTextWidth, columns[column].title.count, widths[column] - (width - limit))
      let narrower = breaking(column, to: room)
      if narrower.width < width { return narrower.fitted(to: limit) }
    }
    return self
  }

  private func without(_ column: Int) -> Table {
    let kept = columns.indices.filter { $0 != column }
    return Table(kept.map { columns[$0] }, rows: rows.map { row in kept.map { $0 < row.count ? row[$0] : "" } })
  }

  /// Rows whose text in a column goes on in further rows.
  private func breaking(_ column: Int, to room: Int) -> Table {
    Table(
      columns,
      rows: rows.flatMap { row -> [[String]] in
        guard column < row.count, row[column].count > room else { return [row] }
        return Self.lines(of: row[column], to: room).enumerated().map { index, line in
          row.indices.map { $0 == column ? line : index == 0 ? row[$0] : "" }
        }
      })
  }

  /// Breaks a text at spaces, and where a word is too long, after its slashes and commas: `/sys/fs/cgroup/`, `cpu.max`.
  static func lines(of text: String, to room: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      for (index, piece) in pieces(of: word, to: room).enumerated() {
        let last = lines[lines.count - 1]
        let gap = index > 0 || last.isEmpty ? "" : " "
        if last.isEmpty || last.count + gap.count + piece.count <= room {
          lines[lines.count - 1] += gap + piece
        } else {
          lines.append(String(piece))
        }
      }
    }
    return lines
  }

  private static func pieces(of word: Substring, to room: Int) -> [Substring] {
    guard word.count > room else { return [word] }
    var (pieces, start) = ([Substring](), word.startIndex)
    for index in word.indices where "/,".contains(word[index]) {
      let next = word.index(after: index)
      pieces.append(word[start..<next])
      start = next
    }
    return pieces + (start < word.endIndex ? [word[start...]] : [])
  }
}
