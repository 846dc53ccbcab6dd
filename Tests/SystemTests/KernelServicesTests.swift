import Glibc
import Testing

@testable import System

@Suite("The kernel's services by their names") struct KernelServicesTests {
  /// Linux's `include/uapi/asm-generic/errno-base.h` and `errno.h`, and the texts of glibc's `strerror`.
  @Test(
    "Errno has Linux's numbers and the C library's texts",
    arguments: [
      (Errno.noSuchFileOrDirectory, 2, "No such file or directory"), (.interrupted, 4, "Interrupted system call"),
      (.wouldBlock, 11, "Resource temporarily unavailable"), (.permissionDenied, 13, "Permission denied"),
      (.noSpace, 28, "No space left on device"), (.brokenPipe, 32, "Broken pipe"),
    ] as [(Errno, Int32, String)])
  func errno(errno: Errno, number: Int32, text: String) {
    #expect(errno.code == number)
    #expect(errno.text == text)
  }

  /// signal(7), the column of x86 and ARM.
  @Test(
    "Signals have Linux's numbers",
    arguments: [
      (Signal.hangUp, 1), (Signal.interrupt, 2), (Signal.kill, 9), (Signal.user1, 10), (Signal.user2, 12),
      (Signal.brokenPipe, 13), (Signal.terminate, 15), (Signal.continue, 18),
    ] as [(Int32, Int32)])
  func signals(signal: Int32, number: Int32) { #expect(signal == number) }

  @Test("A path is told by its kind, a link by itself where it is not followed")
  func statuses() {
    #expect(FileStatus(path: "/dev/null")?.isNullDevice == true)
    #expect(FileStatus(path: "/dev/zero")?.isCharacterDevice == true)
    #expect(FileStatus(path: "/dev/zero")?.isNullDevice == false)
    #expect(FileStatus(path: "/")?.isFolder == true)
    #expect(FileStatus(path: "/proc/self", following: false)?.isLink == true)
    #expect(FileStatus(path: "/absent") == nil && Errno.last == .noSuchFileOrDirectory)
  }

  @Test("A wait for a pipe ends with its time, with a byte, or with its other end")
  func waits() throws {
    let pipe = try Pipe()
    let reading = pipe.reading
    var writing: Descriptor? = pipe.writing
    #expect(Poll.waitToRead(reading.number, milliseconds: 0) == 0)
    #expect(OpenFile.waitingBytes(reading.number) == 0)
    #expect(writing?.write([7]) == 0)
    #expect(Poll.waitToRead(reading.number) == 1)
    #expect(OpenFile.waitingBytes(reading.number) == 1)
    var byte: UInt8 = 0
    #expect(withUnsafeMutableBytes(of: &byte) { OpenFile.read(reading.number, into: $0) } == 1 && byte == 7)
    writing = nil
    #expect(Poll.waitToRead(reading.number) == 1)
  }

  @Test("An event counter is readable from when it is added to until it is taken")
  func counters() throws {
    let counter = try #require(EventCounter())
    #expect(counter.take() == nil)
    counter.add()
    counter.add()
    #expect(Poll.waitToRead(counter.descriptor, milliseconds: 0) == 1)
    #expect(counter.take() == 2)
    #expect(Poll.waitToRead(counter.descriptor, milliseconds: 0) == 0)
  }

  @Test("A second open file of the same lock is refused it, until the first is closed")
  func locks() throws {
    let folder = try ScratchFolder.make(in: "/tmp", prefix: "advisor-lock-")
    defer { rmdir(folder) }
    guard let first = Descriptor(opening: folder, .folder), let second = Descriptor(opening: folder, .folder) else {
      Issue.record("the folder cannot be opened")
      return
    }
    #expect(OpenFile.lock(first.number))
    #expect(!OpenFile.lock(second.number))
    #expect(first.close() == 0)
    #expect(OpenFile.lock(second.number))
  }
}
