import FoundationEssentials

/// The cases of a published or simulated table, read from the folder that `ADVISOR_REFERENCE_TABLES` names.
enum ReferenceTable {
  static let folder = ProcessInfo.processInfo.environment["ADVISOR_REFERENCE_TABLES"]
  static var isAvailable: Bool { folder != nil }

  private struct File<Case: Decodable>: Decodable {
    var cases: [Case]?
    var casesFormula: [Case]?
  }

  static func cases<Case: Decodable>(_ name: String, as type: Case.Type = Case.self) throws -> [Case] {
    let data = try Data(contentsOf: URL(filePath: "\(folder ?? "")/\(name).json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let file = try decoder.decode(File<Case>.self, from: data)
    return file.cases ?? file.casesFormula ?? []
  }
}

/// Whether two numbers agree to so many parts of the expected one, or absolutely where that is near zero.
func agree(_ value: Double?, _ expected: Double, within tolerance: Double) -> Bool {
  guard let value else { return false }
  return abs(value - expected) <= tolerance * max(abs(expected), 1e-3)
}
