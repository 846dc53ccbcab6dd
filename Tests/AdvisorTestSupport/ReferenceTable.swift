import FoundationEssentials

/// The tables in `Tests/Reference`: right answers from outside this project.
public enum ReferenceTable {
  /// The cases of a table, named as its file without the ending.
  public static func cases<Case: Decodable>(_ name: String, as type: Case.Type = Case.self) throws -> [Case] {
    try read(name, as: Cases<Case>.self).cases
  }

  /// A whole table, its keys in camel case: `Wq_hw95` is `wqHw95`.
  public static func read<Table: Decodable>(_ name: String, as type: Table.Type = Table.self) throws -> Table {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { Key(stringValue: camelCase($0.last?.stringValue ?? "")) }
    return try decoder.decode(
      type, from: Data(contentsOf: URL(filePath: "\(Repository.root)/Tests/Reference/\(name).json")))
  }

  private static func camelCase(_ key: String) -> String {
    let words = key.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return words.prefix(1).lowercased() + words.dropFirst()
  }

  private struct Cases<Case: Decodable>: Decodable { var cases: [Case] }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
