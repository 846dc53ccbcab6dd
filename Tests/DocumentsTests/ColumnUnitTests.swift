import AdvisorCore
import Testing

@testable import Documents

@Suite("Units in the names of columns") struct ColumnUnitTests {
  @Test(
    "A name ends with the unit of its figures, or with what they are counted per",
    arguments: [
      ("latency_s", "s"), ("used_bytes", "B"), ("cpu %", "%"), ("requests_per_s", "requests/s"),
      ("requests per minute", "requests/minute"), ("bytes_per_second", "B/second"), ("req/s", "req/s"),
    ])
  func units(name: String, unit: String) {
    #expect(UnitText.unit(ofColumn: name)?.unit?.name == unit)
  }

  @Test("Other names have none", arguments: ["load", "users", "requests_per_host", "share_per_user"])
  func none(name: String) { #expect(UnitText.unit(ofColumn: name) == nil) }
}
