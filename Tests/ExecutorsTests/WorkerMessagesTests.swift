import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import Executors
@testable import System

@Suite struct WorkerMessagesTests {
  static let setups = [
    Named(
      "a bare one",
      WorkerSetup(parent: 1, index: 0, cpu: nil, job: Job(text: "", stages: []), surroundings: Surroundings())),
    Named(
      "a full one",
      WorkerSetup(
        parent: 4_000_000, index: 7, cpu: 63, job: Job(text: "", stages: []),
        surroundings: Surroundings(
          secondsPerUnit: [.word: 2.5e-9, .matmul: 1e-10], scratchPath: "/proc/1/fd/5", ioURL: "http://h/{bytes}"))),
  ]

  @Test(
    "A setup arrives as it was sent", arguments: setups,
    ["cpu:8x300ms,cv=0.3,kernel=sort", "io:4x20MiB,latency=20ms+cpu:4x2e6", "wait:7x333.3us"])
  func setup(named: Named<WorkerSetup>, job: String) throws {
    var setup = named.value
    setup.job = try Job(job)
    let arrived = try #require(WorkerSetup(Frame.Reader(setup.frame.bytes[...])))
    #expect(arrived.job.stages == setup.job.stages)
    #expect(arrived.surroundings == setup.surroundings)
    #expect(arrived.parent == setup.parent && arrived.index == setup.index && arrived.cpu == setup.cpu)
  }

  static var replies: [Named<WorkerReply>] {
    var tally = Tally()
    tally.done = 5
    tally.fail(3, "no such file: “ä”")
    tally.durations.record(12345, times: 4)
    tally.durations.record(.max / 4)
    return [
      Named("ready", .ready), Named("done with nothing", .done(Tally())), Named("done", .done(tally)),
      Named("refused", .refused(AdvisorError(.cannotWrite, "p", advice: "a"))),
    ]
  }

  @Test("A reply arrives as it was sent", arguments: replies)
  func reply(reply: Named<WorkerReply>) {
    #expect(WorkerReply(Frame.Reader(reply.value.frame.bytes[...])) == reply.value)
  }

  @Test("A reply that was cut off is no reply, or has fewer durations", arguments: replies)
  func cutOffReply(named: Named<WorkerReply>) {
    let reply = named.value
    for length in 0..<min(reply.frame.bytes.count, 40) {
      let cut = WorkerReply(Frame.Reader(reply.frame.bytes[..<length]))
      #expect(cut != reply)
    }
  }

  @Test("Frames keep their bounds on the way")
  func frames() throws {
    let ends = try SocketPair()
    let near = Channel(ends.near)
    var far = Channel(ends.far)
    for number in 0..<100 {
      var frame = Frame()
      frame.append(number)
      frame.append(String(repeating: "x", count: number * 50))
      let sent = near.send(frame)
      #expect(sent)
      var arrived = far.receive()
      #expect(arrived?.number() == number)
      #expect(arrived?.text()?.count == number * 50)
    }
  }

  @Test("A peer that is gone is told by the channel")
  func absentPeer() throws {
    let ends = try SocketPair()
    var near = Channel(ends.near)
    _ = ends.far.close()
    #expect(near.receive() == nil)
    let sent = near.send(Frame())
    #expect(!sent)
  }
}
