import FoundationEssentials
import Testing

/// A table of right answers from outside this project, read below `ADVISOR_REFERENCE_TABLES`.
enum ReferenceTable {
  static let folder = ProcessInfo.processInfo.environment["ADVISOR_REFERENCE_TABLES"]

  static func read<Table: Decodable>(_ name: String, as type: Table.Type) throws -> Table {
    let file = try #require(folder) + "/\(name).json"
    return try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: file)))
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
