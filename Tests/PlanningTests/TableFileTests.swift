import AdvisorCore
import AdvisorTestSupport
import Documents
import FoundationEssentials
import Planning
import Testing

/// Tables as tools, databases, spreadsheets and people write them; what each holds stands in `tables.json` beside them.
@Suite("Files of tables")
struct TableFileTests {
  struct Entry: Decodable, Sendable, CustomTestStringConvertible {
    var file, kind: String
    var rows: Int?
    var first, last: Double?
    /// As a person writes the time of the first row.
    var start: String?
    var gaps: Int?
    var unit: String?
    var series: [String]?
    var columns, dates: String?
    /// What the error says of a file that is refused.
    var problem: String?

    var testDescription: String { file }
  }

  private static let folder = "\(Repository.root)/Tests/PlanningTests/Fixtures/tables"

  static let entries: [Entry] = (try? JSONDocument.read([Entry].self, from: "\(folder)/tables.json")) ?? []

  @Test("There are the files of many tools") func count() { #expect(Set(Self.entries.map(\.file)).count >= 60) }

  @Test("A file is understood", arguments: entries.filter { $0.problem == nil && $0.kind == "load" })
  func history(entry: Entry) throws {
    let history = try Self.history(entry)
    #expect(history.points.count == entry.rows)
    // The rows of CloudWatch are in any order; histories are in that of their times.
    #expect(isClose(history.points[0].load, try #require(entry.first), relative: 1e-9))
    #expect(isClose(try #require(history.points.last).load, try #require(entry.last), relative: 1e-9))
    #expect(try #require(history.input).gaps == entry.gaps ?? 0)
    if let start = entry.start { #expect(history.text(time: history.points[0].time) == start) }
  }

  @Test("Measurements are understood", arguments: entries.filter { $0.problem == nil && $0.kind == "fit" })
  func measurements(entry: Entry) throws {
    let fit = try Self.fit(entry)
    #expect(fit.measured.count == entry.rows)
    #expect(isClose(fit.measured[0].throughput, try #require(entry.first), relative: 1e-9))
    #expect(isClose(try #require(fit.measured.last).throughput, try #require(entry.last), relative: 1e-9))
    #expect(fit.unit?.name == entry.unit)
  }

  @Test("A file that cannot be understood is refused with the reason", arguments: entries.filter { $0.problem != nil })
  func refused(entry: Entry) throws {
    let error = #expect(throws: AdvisorError.self) {
      if entry.kind == "fit" { _ = try Self.fit(entry) } else { _ = try Self.history(entry) }
    }
    #expect(error?.problem.contains(try #require(entry.problem)) == true, "\(error?.problem ?? "")")
    #expect(error?.advice.isEmpty == false)
  }

  private static func history(_ entry: Entry) throws -> LoadHistory {
    try LoadHistory(
      table(entry), series: entry.series ?? [], columns: choice(entry, ["time", "value"]),
      dates: entry.dates.flatMap(DateOrder.init))
  }

  private static func fit(_ entry: Entry) throws -> ScalingFit {
    let parts = ["workers", "throughput", "seconds", "scale"]
    guard case .throughput(let data) = try ScalingMeasurements(table(entry), columns: choice(entry, parts)) else {
      throw AdvisorError(.badData, "\(entry.file) holds runs of different sizes", advice: "")
    }
    return ScalingFit(data)
  }

  private static func choice(_ entry: Entry, _ parts: [String]) throws -> ColumnChoice {
    try entry.columns.map { try ColumnChoice($0, parts: parts) } ?? ColumnChoice()
  }

  private static func table(_ entry: Entry) throws -> DataTable {
    try DataTable([UInt8](JSONDocument.contents(of: "\(folder)/\(entry.file)")), file: entry.file)
  }
}
