import AdvisorCore
import Testing

@testable import Workloads

@Suite struct KernelTests {
  /// The first numbers of xorshift64 (13, 7, 17) from state 1, as Marsaglia's C code prints them.
  @Test("The generator gives Marsaglia's numbers")
  func generator() {
    var random = Xorshift(seed: 1)
    #expect(random.next() == 1_082_269_761)
    #expect(random.next() == 1_152_992_998_833_853_505)
  }

  @Test("The generator leaves the state of zero")
  func stateOfZero() {
    var random = Xorshift(seed: 0)
    #expect(random.next() != 0)
  }

  @Test("A word is of letters, and of all of them")
  func letters() {
    let workload = WordWorkload(seed: 1)
    _ = workload.run(units: workload.written.count)
    let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    #expect(Set(workload.written) == letters)
  }

  @Test("A word is as long as asked for")
  func lengthOfWords() {
    let workload = WordWorkload(seed: 1)
    _ = workload.run(units: 5)
    #expect(workload.written.prefix(6).map { $0 != 0 } == [true, true, true, true, true, false])
  }

  /// FIPS 180-2, appendix B, and the empty message of NIST's example values.
  @Test(
    "The hash is SHA-256",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func hash(message: String, expected: String) {
    let digits = SHA256.digest(of: Array(message.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    #expect(digits.joined() == expected)
  }

  @Test("Sorting leaves the elements in order")
  func sorting() {
    let workload = SortWorkload(seed: 1)
    _ = workload.run(units: 4096)
    let elements = Array(workload.sorted)
    #expect(zip(elements, elements.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(Set(elements).count > 4000)
  }

  @Test("A whole multiplication is the product of the matrices")
  func multiplication() {
    let workload = MatrixWorkload(seed: 1)
    _ = workload.run(units: 64 * 64 * 64)
    let product = (0..<64).reduce(0.0) {
      $0 + workload.factors(row: 3, term: $1).0 * workload.factors(row: 3, term: $1).1
    }
    #expect(abs(workload.product(row: 3) - product) < 1e-9)
  }

  @Test("Any number of units can be run", arguments: Kernel.allCases, [0, -1, 1, 63, 65, 4095, 4097])
  func anyUnits(kernel: Kernel, units: Int) throws {
    #expect(throws: Never.self) { try kernel.makeWorkload().run(units: units) }
  }

  @Test("The same seed does the same work", arguments: Kernel.allCases)
  func sameSeed(kernel: Kernel) throws {
    let first = try kernel.makeWorkload(seed: 7).run(units: 10_000)
    #expect(try kernel.makeWorkload(seed: 7).run(units: 10_000) == first)
    #expect(try kernel.makeWorkload(seed: 8).run(units: 10_000) != first)
  }

  @Test("A timed unit costs something", arguments: Kernel.allCases)
  func timed(kernel: Kernel) throws {
    let seconds = try kernel.secondsPerUnit()
    #expect(seconds > 1e-12 && seconds < 1e-3)
  }
}
