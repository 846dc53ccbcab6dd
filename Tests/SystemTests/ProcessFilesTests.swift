import Testing

@testable import System

@Suite("What the files of a process say")
struct ProcessFilesTests {
  private func stat(_ text: String) -> ProcessStat? { Array(text.utf8).withUnsafeBytes { ProcessStat($0) } }

  @Test("stat is read by the fields of proc_pid_stat(5), whatever the name holds")
  func fields() throws {
    let line =
      "15721 (a) R (b) S 15681 15681 32670 0 -1 4194304 105 7 3 9 11 12 13 14 20 0 5 0 2831984 2998272 423 184467440737"
    let read = try #require(stat(line))
    #expect(read.name == "a) R (b")
    #expect(read.state == UInt8(ascii: "S"))
    #expect(read.parent == 15681)
    #expect(read.majorFaults == 3)
    #expect(read.ticks == 23)
    #expect(read.childTicks == 27)
    #expect(read.threads == 5)
    #expect(read.startTicks == 2_831_984)
    #expect(read.residentPages == 423)
    #expect(!read.isKernelThread)
  }

  @Test("A kernel thread is known by its flag, as kthreadd of a running machine has it")
  func kernelThread() throws {
    let line = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 1 0 0 20 0 1 0 3 0 0 18446744073709551615 0 0"
    #expect(try #require(stat(line)).isKernelThread)
  }

  @Test(
    "What the kernel does not write is nothing",
    arguments: ["", "15721", "1 (", "1 ()", "1 (sh) S", "1 (sh) S 1 2 3", ") S ("])
  func malformed(_ text: String) { #expect(stat(text) == nil) }

  @Test("schedstat has nanoseconds on a CPU, in the queue, and the times on a CPU")
  func schedule() {
    let figures = Array("422388499 1591137688 141\n".utf8).withUnsafeBytes { ScheduleFigures($0) }
    #expect(figures?.runNanoseconds == 422_388_499)
    #expect(figures?.queueNanoseconds == 1_591_137_688)
    #expect(figures?.slices == 141)
  }
}
