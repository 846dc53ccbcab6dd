/// Words that people meant.
public enum Spelling {
  /// The word that `typed` is likely meant for: one that it begins, or that at most a third of its letters keep it from; nil
  /// where there is none.
  public static func closest(to typed: String, among words: [String]) -> String? {
    let near = words.map { (word: $0, distance: distance(typed.lowercased(), $0)) }.min { $0.distance < $1.distance }
    if let near, near.distance <= max(1, typed.count / 3) { return near.word }
    return typed.count < 2 ? nil : words.first { $0.hasPrefix(typed) }
  }

  /// How many letters are to be put in, taken out, replaced, or swapped with the next: Damerau's distance, without
  /// overlapping swaps (optimal string alignment).
  static func distance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first), Array(second))
    var rows = [Array(0...b.count)]
    for (i, letter) in a.enumerated() {
      var row = [i + 1]
      for (j, other) in b.enumerated() {
        var least = min(rows[i][j] + (letter == other ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
