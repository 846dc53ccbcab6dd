import Testing

@testable import Observation

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

@Suite("Where a thread sleeps")
struct WaitPlaceTests {
  private func place(_ text: String, _ target: String) -> ThreadState? {
    Array(text.utf8).withUnsafeBytes { WaitPlace($0) }?.state { _ in target.isEmpty ? nil : target }
  }

  #if arch(x86_64)
    @Test(
      "System calls of this architecture are told apart by number, and by what their descriptor leads to",
      arguments: [
        ("0 0x3 0x7f 0x20000 0x0 0x0 0x0 0x7ffc 0x7f6b", "pipe:[4711]", ThreadState.pipe),
        ("0 0x3 0x7f 0x20000 0x0 0x0 0x0 0x7ffc 0x7f6b", "socket:[4711]", .network),
        ("0 0x0 0x7f 0x20000 0x0 0x0 0x0 0x7ffc 0x7f6b", "/dev/pts/3", .terminal),
        ("0 0x3 0x7f 0x20000 0x0 0x0 0x0 0x7ffc 0x7f6b", "/var/lib/data", .disk),
        ("0 0x3 0x7f 0x20000 0x0 0x0 0x0 0x7ffc 0x7f6b", "", .unknown),
        ("230 0x0 0x0 0x7ffc 0x7ffc 0x0 0x0 0x7ffc 0x7fc9", "", .sleep),
        ("61 0xffffffffffffffff 0x7ffd 0x0 0x0 0x0 0x0 0x7f 0x7f", "", .child),
        // pthread_mutex_lock of glibc 2.36, then pthread_cond_wait, then a sem_timedwait of Python 3.11.
        ("202 0x55 0x80 0x2 0x0 0x0 0x0 0x7f 0x7f", "", .lock),
        ("202 0x55 0x189 0x0 0x0 0x0 0xffffffff 0x7f 0x7f", "", .condition),
        ("202 0x55 0x89 0x0 0x7f 0x0 0xffffffff 0x7f 0x7f", "", .condition),
        ("74 0x4 0x0 0x0 0x0 0x0 0x0 0x7f 0x7f", "", .disk),
      ])
  #endif
  func calls(_ text: String, _ target: String, _ expected: ThreadState) { #expect(place(text, target) == expected) }

  @Test("A thread that runs is in no place")
  func running() { #expect(place("running\n", "") == nil) }

  @Test(
    "Where the call is kept from us, the kernel's function may tell",
    arguments: [
      ("futex_wait_queue", ThreadState.condition), ("pipe_read", .pipe), ("hrtimer_nanosleep", .sleep),
      ("do_wait", .child), ("ep_poll", .poll), ("0", .unknown), ("", .unknown),
    ])
  func channels(_ name: String, _ expected: ThreadState) { #expect(WaitPlaces.state(channel: name) == expected) }
}
