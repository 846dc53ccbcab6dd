import AdvisorCore
import Testing

@testable import System

/// Events of the kernel, which virtual machines have too; where a container forbids them there is nothing to try.
@Suite("Counts of what programs do")
struct PerformanceCounterTests {
  private func shell(_ script: String) throws { _ = try ChildProcess(Launch(["/bin/sh", "-c", script])).wait() }

  /// An array of 300,000 words takes more than 4 MB, which is 1,000 pages, and each is first touched once.
  @Test("A program and all that it starts count, and nothing of who started it")
  func programs() throws {
    guard let counter = try? PerformanceCounter(.pageFaults, of: .programsOfCaller) else { return }
    #expect((counter.count ?? 0) == 0)
    try shell("true & (awk 'BEGIN { while (i < 300000) words[i++] = i }'); true")
    #expect(try #require(counter.count) > 1000)
  }

  @Test("A thread that is there counts from now on")
  func thread() throws {
    guard let counter = try? PerformanceCounter(.pageFaults, of: .thread(0)) else { return }
    let pages = [UInt8](repeating: 1, count: 64 << 20)
    #expect(pages[pages.count / 2] == 1)
    #expect(try #require(counter.count) > 100)
  }

  @Test("What is not there to count is an error with its reason")
  func gone() {
    #expect(throws: Errno.noSuchProcess) { _ = try PerformanceCounter(.pageFaults, of: .thread(Int32.max)) }
  }

  /// As Linux 6.12 writes `/proc/PID/io`.
  @Test("What a process has moved is read by name")
  func transfers() throws {
    let text = """
      rchar: 323934931
      wchar: 323929600
      syscr: 632687
      syscw: 632675
      read_bytes: 4096
      write_bytes: 323932160
      cancelled_write_bytes: 0

      """
    let moved = try #require(ProcessTransfers(Array(text.utf8)))
    #expect(moved.readBytes == 323_934_931 && moved.writtenBytes == 323_929_600)
    #expect(moved.diskReadBytes == 4096 && moved.diskWrittenBytes == 323_932_160)
    #expect(ProcessTransfers([]) == nil)
  }
}
