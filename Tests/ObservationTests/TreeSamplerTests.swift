import Glibc
import Testing

@testable import Observation

/// What lives is tried through the command line: a process that runs other tests too has other children.
@Suite("Looks at processes")
struct TreeSamplerTests {
  @Test(
    "What cannot be observed is an error that says why",
    arguments: [(Int32(2), "kernel"), (Int32.max, "no process")])
  func faults(_ process: Int32, _ word: String) {
    #expect { _ = try TreeSampler(root: process) } throws: { "\($0)".contains(word) }
  }

  @Test("This very process is seen to run")
  func own() throws {
    let sampler = try TreeSampler(root: getpid())
    let first = sampler.sample()
    var sum = 0.0
    for step in 1...3_000_000 { sum += 1 / Double(step) }
    let second = sampler.sample()
    #expect(sum > 0)
    #expect(first.threads.contains { $0.id == $0.process })
    #expect(second.cpuSeconds > first.cpuSeconds)
    #expect(second.residentBytes > 0)
    #expect(first.surroundings != nil)
  }

  @Test(
    "A pasted command is quoted, and has its own count of workers replaced",
    arguments: [
      (["make", "-j8"], "advisor tune -- make -j{n}"),
      (["xargs", "-P", "4", "gzip"], "advisor tune -- xargs -P {n} gzip"),
      (["pytest", "--workers=3", "a b"], "advisor tune -- pytest --workers={n} 'a b'"), (["make", "all"], ""),
    ])
  func pasted(words: [String], line: String) { #expect(PastedCommand(words: words).tuned ?? "" == line) }
}
