import Testing

@testable import Observation

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

  #if arch(x86_64)
    @Test(
      "Who sleeps deeply until a child has begun its program, or did a moment ago, waits for no disk",
      arguments: [
        // dash 0.5.12, Python 3.11's subprocess, GNU make 4.3 by glibc 2.36's posix_spawn; clone(2) as glibc 2.31 calls it.
        ("58 0x55c46cf505aa 0x7ffcdf09e1b0 0x0 0x8 0x1 0x1 0x7ffcdf09e260 0x7f8a77b0e3b8", true),
        ("58 0x7f7d64d19080 0x0 0x0 0x8 0x0 0x0 0x7ffe6e020de0 0x7f7d652f23b8", true),
        ("435 0x7ffc4b760cb0 0x58 0x7fa506276d50 0x8 0x7ffc4b760d10 0x0 0x7ffc4b760c48 0x7fa5062898d9", true),
        ("56 0x4111 0x7f 0x0 0x0 0x0 0x0 0x7f 0x7f", true), ("61 0x11 0x7ffd 0x0 0x0 0x0 0x0 0x7f 0x7f", true),
        ("0 0x3 0x7f 0x20000 0x0 0x0 0x0 0x7ffc 0x7f6b", false),
        ("running", false),
      ])
    func starts(_ text: String, _ expected: Bool) {
      #expect((Array(text.utf8).withUnsafeBytes { WaitPlace($0) }?.isForChild ?? false) == expected)
    }
  #endif

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
