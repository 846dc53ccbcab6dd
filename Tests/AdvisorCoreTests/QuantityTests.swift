import AdvisorCore
import FoundationEssentials
import Glibc
import Testing

@Suite struct QuantityTests {
  @Test(
    "A count is read",
    arguments: [
      ("8", 8), ("1e6", 1e6), ("1_000_000", 1e6), ("2k", 2000), ("1.5M", 1.5e6), ("1E3", 1000), ("0", 0), ("3G", 3e9),
      (".5k", 500),
    ] as [(String, Double)])
  func readsCount(text: String, value: Double) {
    #expect(Quantity.count(text) == value)
  }

  /// IEC 80000-13: binary prefixes are powers of 1024, decimal ones of 1000.
  @Test(
    "A number of bytes is read",
    arguments: [
      ("64KiB", 65_536), ("512MiB", 536_870_912), ("1.5GiB", 1_610_612_736), ("300kB", 300_000), ("4MB", 4e6), ("7", 7),
    ] as [(String, Double)])
  func readsBytes(text: String, value: Double) {
    #expect(Quantity.bytes(text) == value)
  }

  @Test(
    "A time is read",
    arguments: [
      ("50ms", 0.05), ("300us", 3e-4), ("2µs", 2e-6), ("10ns", 1e-8), ("1.5s", 1.5), ("2min", 120), ("2h", 7200),
      ("5m", 300), ("1 hour", 3600), ("1h30m", 5400), ("2 min 5 s", 125), ("1.5d", 129_600), (".5s", 0.5),
    ] as [(String, Double)])
  func readsSeconds(text: String, value: Double) throws {
    let seconds = try #require(Quantity.seconds(text))
    #expect(abs(seconds - value) <= value * 1e-12)
  }

  @Test(
    "A range of times is written",
    arguments: [
      (0.127...0.304, "127–304 ms"), (0.9...1.2, "900 ms–1.2 s"), (2...2, "2 s"), (60...200, "60 s–3 min 20 s"),
    ] as [(ClosedRange<Double>, String)])
  func writesRanges(range: ClosedRange<Double>, text: String) { #expect(Quantity.text(secondsFrom: range) == text) }

  @Test(
    "What is no quantity is refused",
    arguments: [
      "", "x", "-1", "+1", "1e", "1e999", "nan", "inf", "0x10", "1__0", "_1", "1_", "1,5", " 1", "1 k", ".", "..5",
      "._5", "1.2.3",
    ])
  func refusesWhatIsNoQuantity(text: String) {
    #expect(Quantity.count(text) == nil)
    #expect(Quantity.bytes(text) == nil)
    #expect(Quantity.seconds(text + "s") == nil)
  }

  @Test(
    "Numbers of any size are written",
    arguments: [
      (1.5e-20, "1.5e-20"), (2e-300, "2e-300"), (-3e-15, "-3e-15"), (.leastNonzeroMagnitude, "0"),
      (1e-12, "0.000000000001"),
      (1e300, "1e+300"), (.nan, "–"),
    ] as [(Double, String)])
  func writesNumbersOfAnySize(value: Double, text: String) {
    #expect(Quantity.significant(value) == text)
  }

  @Test(
    "A time without a unit is refused, and parts out of order", arguments: ["50", "1h30", "30m1h", "1h1h", "h", "1s "])
  func refusesTime(text: String) { #expect(Quantity.seconds(text) == nil) }

  /// By the SI brochure (9th edition, table 8): a minute is 60 s, an hour 3600 s, a day 86 400 s.
  @Test(
    "A rate is read",
    arguments: [
      ("100/30min", 100, 1800), ("100/1s", 100, 1), ("600/10s", 60, 1), ("36000/30min", 20, 1), ("200/s", 200, 1),
      ("5k/m", 5000, 60), ("1,000/s", 1000, 1), ("1,234,567/sec", 1_234_567, 1), ("3/hour", 3, 3600),
      ("12/d", 12, 86_400), ("1e3/day", 1000, 86_400), ("10/1h30m", 10, 5400), ("200rps", 200, 1), ("2k rps", 2000, 1),
      ("90rpm", 90, 60), ("200 requests/s", 200, 1), ("7", 7, 1), ("0/s", 0, 1), ("1/2 min 5 s", 1, 125),
    ] as [(String, Double, Double)])
  func readsRates(text: String, count: Double, seconds: Double) throws {
    let rate = try #require(Quantity.rate(text))
    #expect(abs(rate - count / seconds) <= rate * 1e-12)
  }

  @Test(
    "What is no rate is refused",
    arguments: [
      "", "/s", "5/", "5/x", "5/0s", "5/30", "-5/s", "1,00/s", "1,5/s", ",100/s", "1000,000/s", "5//s", "5/s/s", "rps",
      "5 rpx", "1 2/s",
      "nan/s", "1e999/s",
    ])
  func refusesWhatIsNoRate(text: String) { #expect(Quantity.rate(text) == nil) }

  @Test(
    "A rate of bytes is read",
    arguments: [("5MB/s", 5e6), ("1.5 GiB/min", 26_843_545.6), ("60kB/1min", 1000), ("64KiB", 65_536)]
      as [(String, Double)])
  func readsByteRates(text: String, perSecond: Double) throws {
    #expect(abs(try #require(Quantity.byteRate(text)) - perSecond) <= perSecond * 1e-12)
  }

  /// Three significant digits are half a percent at worst.
  @Test("What is printed is read back", arguments: 1...300)
  func readsWhatItPrints(seed: Int) throws {
    let value = exp2(Double(seed) * 0.37 - 50)
    let rate = try #require(Quantity.rate("\(Quantity.text(count: value)) requests/s"))
    #expect(abs(rate / value - 1) < 0.006)
    let bytes = try #require(Quantity.byteRate("\(Quantity.text(bytes: value))/s"))
    #expect(abs(bytes / value - 1) < 0.006)
    let seconds = try #require(Quantity.seconds(Quantity.text(seconds: value)))
    #expect(abs(seconds / value - 1) < 0.006)
  }

  @Test(
    "A time is written",
    arguments: [
      (0.0123, "12.3 ms"), (1.97, "1.97 s"), (5.73e-7, "573 ns"), (0.0009996, "1 ms"), (119, "119 s"),
      (125, "2 min 5 s"), (180, "3 min"), (-180.2, "-3 min"), (7199.6, "2 h"),
      (7800, "2 h 10 min"), (1e6, "11.6 days"), (18_250 * 86_400, "50 years"), (0, "0 s"), (.infinity, "–"),
    ] as [(Double, String)])
  func writesSeconds(value: Double, text: String) {
    #expect(Quantity.text(seconds: value) == text)
  }

  @Test(
    "A share is written, and what is not all or nothing is not said to be",
    arguments: [
      (0.12345, "12.3 %", "12.3 %"), (0.9996, "over 99.9 %", "over 99.9 %"), (1, "100 %", "100 %"),
      (3e-4, "0.03 %", "under 0.1 %"), (1e-6, "under 0.001 %", "under 0.1 %"), (0, "0 %", "0 %"),
      (-0.02, "-2 %", "-2 %"),
    ] as [(Double, String, String)])
  func writesShares(share: Double, digits: String, onePlace: String) {
    #expect(Quantity.text(share: share) == digits)
    #expect(Quantity.text(share: share, places: 1) == onePlace)
  }

  @Test(
    "What is counted agrees with its number",
    arguments: [(1, "1 worker gains"), (0, "0 workers gain"), (2, "2 workers gain")] as [(Int, String)])
  func counts(number: Int, text: String) {
    #expect(count(number, "worker gains", "workers gain") == text)
    #expect(count(Double(number), "worker gains", "workers gain") == text)
  }

  @Test(
    "A fraction agrees with what it reads as",
    arguments: [(1.0001, "1 CPU"), (0.5, "0.5 CPUs"), (12_345, "12.3 k CPUs")] as [(Double, String)])
  func countsFractions(number: Double, text: String) { #expect(count(number, "CPU") == text) }

  @Test("CPUs are named by their numbers") func namesCPUs() {
    #expect(CPUSet([4]).named == "CPU 4")
    #expect(CPUSet([0, 1]).named == "CPUs 0-1")
  }

  @Test(
    "A number of bytes is written",
    arguments: [(1_610_612_736, "1.5 GiB"), (4096, "4 KiB"), (300, "300 B"), (0, "0 B")] as [(Double, String)])
  func writesBytes(value: Double, text: String) {
    #expect(Quantity.text(bytes: value) == text)
  }

  @Test(
    "A count is written", arguments: [(8, "8"), (1500, "1500"), (1e6, "1 M"), (12_345, "12.3 k")] as [(Double, String)])
  func writesCounts(value: Double, text: String) {
    #expect(Quantity.text(count: value) == text)
  }
}
