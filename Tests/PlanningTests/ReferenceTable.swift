import FoundationEssentials
import Testing

/// A table of right answers from outside this project, read below `ADVISOR_REFERENCE_TABLES`.
enum ReferenceTable {
  static let folder = ProcessInfo.processInfo.environment["ADVISOR_REFERENCE_TABLES"]

  static func read<Table: Decodable>(_ name: String, as type: Table.Type) throws -> Table {
    let file = try #require(folder) + "/\(name).json"
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { Key(stringValue: camelCase($0.last?.stringValue ?? "")) }
    return try decoder.decode(type, from: Data(contentsOf: URL(filePath: file)))
  }

  /// `Wq_hw95` → `wqHw95`.
  private static func camelCase(_ key: String) -> String {
    let words = key.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return words.prefix(1).lowercased() + words.dropFirst()
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// A table whose cases are all of one kind.
struct Cases<Case: Decodable>: Decodable {
  var cases: [Case]
}

extension Trait where Self == ConditionTrait {
  static var needsReferenceTables: Self {
    .enabled("set ADVISOR_REFERENCE_TABLES to the folder of reference tables") { ReferenceTable.folder != nil }
  }
}

/// Whether two numbers are the same to within a share of the expected one.
func isClose(_ value: Double, _ expected: Double, relative: Double, absolute: Double = 0) -> Bool {
  abs(value - expected) <= max(relative * abs(expected), absolute)
}
