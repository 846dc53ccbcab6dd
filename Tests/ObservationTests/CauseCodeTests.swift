import Observation
import Testing

@Suite("Codes of causes")
struct CauseCodeTests {
  @Test("Documents name causes by the words that readers of JSON build on")
  func names() {
    let contract = [
      "healthy", "cpus", "quota", "steal", "runQueue", "singleThread", "serialPart", "interpreterLock", "lock",
      "memoryBandwidth", "memoryPressure", "disk", "network", "oversubscription", "affinity", "sleep",
    ]
    #expect(CauseCode.allCases.map(\.rawValue) == contract)
  }
}
