import Glibc
import Testing

@testable import AdvisorCore
@testable import System

@Suite("Owned descriptors") struct DescriptorTests {
  @Test("An end of a pipe is closed with its value: the other end sees it")
  func closes() throws {
    let pipe = try Pipe()
    do {
      let writing = pipe.writing
      #expect(writing.write([1, 2]) == 0)
    }
    #expect(pipe.reading.readAll(atMost: 10) == [1, 2])
  }

  @Test("No program that is started gets one")
  func closesOnExec() throws {
    let pipe = try Pipe()
    let pair = try SocketPair()
    guard let file = Descriptor(opening: "/dev/null"), let unnamed = Descriptor(unnamedIn: "/tmp") else {
      Issue.record("cannot be opened")
      return
    }
    let all = [
      pipe.reading.number, pipe.writing.number, pair.near.number, pair.far.number, file.number, unnamed.number,
    ]
    for number in all { #expect(fcntl(number, F_GETFD) == FD_CLOEXEC) }
  }

  @Test("What fails is nil, and errno says why")
  func refusals() {
    #expect(Descriptor(opening: "/absent")?.number == nil && errno == ENOENT)
    #expect(Descriptor(unnamedIn: "/absent")?.number == nil && errno == ENOENT)
    #expect(Descriptor(opening: "/dev/zero")?.readAll(atMost: 1 << 20) == nil && errno == EFBIG)
    #expect(Descriptor(opening: "/dev/full", .writing)?.write([1]) == ENOSPC)
  }
}
