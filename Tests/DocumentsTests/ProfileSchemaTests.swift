import AdvisorCore
import AdvisorTestSupport
import Foundation
import Testing

@Suite("The schema of profiles")
struct ProfileSchemaTests {
  /// The value under keys and definitions, one below the other.
  static func value(_ path: String...) throws -> Any {
    let data = try Data(contentsOf: URL(filePath: "\(Repository.root)/profiles/advisor.profile.schema.json"))
    return try path.reduce(try JSONSerialization.jsonObject(with: data)) { value, key in
      try #require((value as? [String: Any])?[key])
    }
  }

  @Test("It knows every fixed cost, and no other")
  func fixedCosts() throws {
    let names = try #require(Self.value("$defs", "fixedCost", "properties", "name", "enum") as? [String])
    #expect(Set(names) == Set(FixedCost.Name.allCases.map(\.rawValue)) && names.count == Set(names).count)
  }

  @Test("It knows every variable cost, and no other")
  func variableCosts() throws {
    let known = try #require(Self.value("properties", "variableCosts", "properties") as? [String: Any])
    let kept = Mirror(reflecting: VariableCosts()).children.compactMap(\.label)
    #expect(Set(known.keys) == Set(kept))
  }
}
