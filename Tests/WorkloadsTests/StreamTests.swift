import AdvisorCore
import Testing

@testable import Workloads

@Suite struct StreamTests {
  @Test("Each element becomes b + s·c")
  func triad() throws {
    let workload = try StreamWorkload(arrayBytes: 1)
    // One array is one huge page of doubles; the triad counts 24 bytes an element.
    let elements = (2 << 20) / 8
    #expect(workload.elements.count == elements)
    _ = workload.run(units: 24 * elements / 2)
    #expect(workload.elements.prefix(elements / 2).allSatisfy { $0 == 1.5 })
    #expect(workload.elements.suffix(elements / 2).allSatisfy { $0 == 1 })
    _ = workload.run(units: 24 * elements)
    #expect(workload.elements.allSatisfy { $0 == 1.5 })
  }

  @Test("Memory that is not there is an error")
  func noMemory() {
    let error = #expect(throws: AdvisorError.self) { try StreamWorkload(arrayBytes: 1 << 50) }
    #expect(error?.code == .temporary)
  }
}
