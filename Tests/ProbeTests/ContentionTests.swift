import Testing

@testable import Probe

@Suite struct ContentionTests {
  static func reading(_ line: String, _ pressure: String? = nil) throws -> Contention.Reading {
    try #require(Contention.Reading(stat: bytes(line + "\ncpu0 1 2 3 4\n"), pressure: pressure.map(bytes)))
  }

  /// user nice system idle iowait irq softirq steal guest guest_nice: proc_stat(5). Guest time is in user already.
  @Test("Shares are taken between two readings")
  func sharesBetweenTwoReadings() throws {
    let start = try Self.reading(
      "cpu  100 0 0 1000 0 0 0 0 50 0", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000000")
    let end = try Self.reading(
      "cpu  130 0 10 1040 10 0 0 10 80 0", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1250000")
    let contention = try #require(Contention(from: start, to: end))
    #expect(contention.busy == 0.5)
    #expect(contention.stolen == 0.1)
    #expect(contention.stalledSeconds == 0.25)
  }

  /// Before Linux 2.6.11 there was no steal time, and before 4.20 no pressure.
  @Test("Old kernels tell less")
  func oldKernelsTellLess() throws {
    let contention = try #require(
      Contention(from: try Self.reading("cpu  0 0 0 0"), to: try Self.reading("cpu  3 0 0 1")))
    #expect(contention.busy == 0.75 && contention.stolen == 0 && contention.stalledSeconds == nil)
  }

  @Test("Without a tick there is no answer")
  func noTickNoAnswer() throws {
    let reading = try Self.reading("cpu  1 2 3 4")
    #expect(Contention(from: reading, to: reading) == nil)
  }

  @Test("Other texts are refused", arguments: ["", "cpu", "cpu 1 2", "intr 1 2 3 4", "cpu0 1 2 3 4"])
  func refusesOtherTexts(stat: String) {
    #expect(Contention.Reading(stat: bytes(stat), pressure: nil) == nil)
  }

  @Test("The live kernel is read")
  func readsTheLiveKernel() throws {
    let reading = try #require(Contention.reading())
    #expect(reading.total >= reading.idle)
  }
}
