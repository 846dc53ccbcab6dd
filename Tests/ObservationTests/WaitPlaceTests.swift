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
