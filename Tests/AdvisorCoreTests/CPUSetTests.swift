import AdvisorCore
import Testing

@Suite struct CPUSetTests {
  /// Lists as the kernel documents them in `admin-guide/kernel-parameters.rst`, “cpu lists”.
  @Test(
    "A list of CPUs is read",
    arguments: [
      ("", []),
      ("0", [0]),
      ("0-3", [0, 1, 2, 3]),
      ("1,2,10-12", [1, 2, 10, 11, 12]),
      ("0-3\n", [0, 1, 2, 3]),
      ("0-19:2/5", [0, 1, 5, 6, 10, 11, 15, 16]),
      ("3,1,2", [1, 2, 3]),
      ("8191", [8191]),
    ])
  func readsList(text: String, cpus: [Int]) {
    #expect(CPUSet(list: text).map(Array.init) == cpus)
  }

  @Test(
    "A malformed list of CPUs is refused",
    arguments: [
      "a", "-", "1-", "-1", "3-1", "1,,2", "1-2-3", "0x1", "1;2", "0-99999999999", "0-7:0/2", "0-7:3/2", "+1",
    ])
  func refusesMalformedList(text: String) {
    #expect(CPUSet(list: text) == nil)
  }

  /// Masks as `/proc/irq/*/smp_affinity` and `thread_siblings` hold them: 32 CPUs a word, the highest first.
  @Test(
    "A mask of CPUs is read",
    arguments: [
      ("1", [0]),
      ("f0", [4, 5, 6, 7]),
      ("00000001,00000000", [32]),
      ("80000000,00000000,00000003", [0, 1, 95]),
      ("0xff", [0, 1, 2, 3, 4, 5, 6, 7]),
      ("00000000", []),
    ])
  func readsMask(text: String, cpus: [Int]) {
    #expect(CPUSet(mask: text).map(Array.init) == cpus)
  }

  @Test("A malformed mask of CPUs is refused", arguments: ["g", "1,,2", "123456789,00000000", "-1"])
  func refusesMalformedMask(text: String) {
    #expect(CPUSet(mask: text) == nil)
  }

  @Test("A set is written as it is read", arguments: ["", "0", "0-3", "0,2,4", "63-65,127-129"])
  func writesWhatItReads(text: String) {
    #expect(CPUSet(list: text)?.description == text)
  }

  @Test("Sets of different length are combined")
  func combinesSetsOfDifferentLength() {
    let low: CPUSet = [0, 1, 2]
    let high: CPUSet = [2, 200]
    #expect(low.union(high) == [0, 1, 2, 200])
    #expect(low.intersection(high) == [2])
    #expect(high.subtracting(low) == [200])
    #expect(low.subtracting(low).isEmpty)
    #expect(high.subtracting([200]) == [2])
    #expect(low.isDisjoint(with: [3]) && !low.isDisjoint(with: high))
    #expect(low.intersection([0]).isSubset(of: low))
  }

  @Test("A set knows its first and last CPU")
  func knowsItsEnds() {
    let cpus: CPUSet = [70, 5, 130]
    #expect(cpus.first == 5)
    #expect(cpus.last == 130)
    #expect(cpus.count == 3)
    #expect(CPUSet().first == nil && CPUSet().last == nil)
  }
}
