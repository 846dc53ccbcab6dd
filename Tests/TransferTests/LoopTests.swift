import AdvisorCore
import Testing

@testable import Transfer

@Suite struct LoopTests {
  @Test("Each thing is downloaded once", arguments: [(1, 1), (10, 1), (100, 7), (100, 100), (5, 50)])
  func downloadsEachThingOnce(count: Int, inFlight: Int) throws {
    let server = try TestServer()
    var loop = try Loop(inFlight: inFlight, .loopback)
    var bytes: [Int: Int] = [:]
    try loop.run(count: count, url: { server.url("/bytes/\($0 * 100)") }) { index, result in
      #expect(result.succeeded)
      #expect(bytes.updateValue(result.bytes, forKey: index) == nil)
    }
    #expect(bytes == Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, $0 * 100) }))
  }

  @Test("The loop keeps to its bound")
  func keepsToItsBound() throws {
    let server = try TestServer()
    var loop = try Loop(inFlight: 3, .loopback)
    for index in 0..<3 { try loop.start(server.url("/bytes/1?latency=5ms"), index: index) }
    #expect(loop.inFlight == 3)
    #expect(loop.hasRoom == false)
    var ended: Set<Int> = []
    while loop.inFlight > 0 { try loop.turn(atMost: 1000) { index, _ in ended.insert(index) } }
    #expect(ended == [0, 1, 2])
    #expect(loop.hasRoom == true)
  }

  @Test("Connections are used again")
  func usesConnectionsAgain() throws {
    let server = try TestServer()
    var loop = try Loop(inFlight: 4, .loopback)
    var opened = 0
    try loop.run(count: 100, url: { _ in server.url("/bytes/10") }) { _, result in
      if result.connectSeconds > 0 { opened += 1 }
    }
    #expect((1...4).contains(opened))
  }

  @Test("The loop waits for the server's latency")
  func waitsForTheServersLatency() throws {
    let server = try TestServer()
    var loop = try Loop(inFlight: 8, .loopback)
    try loop.run(count: 8, url: { _ in server.url("/bytes/1?latency=20ms") }) { _, result in
      #expect(result.firstByteSeconds >= 0.020)
      #expect(result.totalSeconds >= result.firstByteSeconds)
    }
  }

  @Test("The loop stops when cancelled")
  func stopsWhenCancelled() throws {
    let server = try TestServer()
    var loop = try Loop(inFlight: 2, .loopback)
    var ended = 0
    try loop.run(
      count: 1_000_000, url: { $0 < 10 ? server.url("/bytes/1") : server.url("/bytes/1?latency=1h") },
      isCancelled: { ended == 10 }
    ) { _, _ in ended += 1 }
    #expect(ended == 10)
    #expect(loop.inFlight == 0)
  }

  @Test("The loop goes on after a cancellation")
  func goesOnAfterACancellation() throws {
    let server = try TestServer()
    var loop = try Loop(inFlight: 2, .loopback)
    try loop.start(server.url("/bytes/1?latency=1h"), index: 0)
    loop.abandon()
    var ended: [Int] = []
    try loop.run(count: 3, url: { _ in server.url("/bytes/1") }) { index, result in
      #expect(result.succeeded)
      ended.append(index)
    }
    #expect(ended.sorted() == [0, 1, 2])
  }

  @Test("The loop may be dropped while at work")
  func mayBeDroppedWhileAtWork() throws {
    let server = try TestServer()
    var loop = try Loop(inFlight: 2, .loopback)
    try loop.start(server.url("/bytes/1?latency=1h"), index: 0)
    try loop.turn(atMost: 0) { _, _ in Issue.record("an hour has not passed") }
  }
}

@Suite struct ConnectionTests {
  @Test("Status, bytes and times are told")
  func tellsStatusBytesAndTimes() throws {
    let server = try TestServer()
    var connection = try Connection(.loopback)
    let first = connection.get(server.url("/bytes/1000"))
    #expect(first.status == 200 && first.bytes == 1000 && first.error == nil)
    #expect(first.connectSeconds > 0)
    #expect(connection.get(server.url("/bytes/1")).connectSeconds == 0)
  }

  @Test("A status of failure is a result without error")
  func aStatusOfFailureIsAResultWithoutError() throws {
    let server = try TestServer()
    var connection = try Connection(.loopback)
    let result = connection.get(server.url("/nothing"))
    #expect(result.status == 404 && result.error == nil && !result.succeeded)
  }

  @Test(
    "What went wrong is named",
    arguments: [
      ("http://127.0.0.1:1/", "connect"), ("file:///etc/passwd", "rotocol"), ("ftp://127.0.0.1/", "rotocol"),
      ("not a url", "URL"), ("", "URL"),
    ])
  func namesWhatWentWrong(_ url: String, word: String) throws {
    var connection = try Connection(.loopback)
    let result = connection.get(url)
    #expect(result.status == 0 && !result.succeeded)
    #expect(result.error?.contains(word) == true, "\(result)")
  }

  @Test("The body goes to its sink")
  func handsTheBodyToItsSink() throws {
    final class Sink: TransferSink {
      var bytes: [UInt8] = []
      func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        self.bytes += bytes
        return true
      }
    }
    let server = try TestServer()
    let sink = Sink()
    var connection = try Connection(.loopback)
    #expect(connection.get(server.url("/bytes/200000"), into: sink).succeeded)
    #expect(sink.bytes == Array(repeating: UInt8(ascii: "x"), count: 200_000))
  }

  @Test("A sink can end a transfer")
  func aSinkCanEndATransfer() throws {
    final class Refusal: TransferSink {
      func receive(_ bytes: UnsafeRawBufferPointer) -> Bool { false }
    }
    let server = try TestServer()
    var connection = try Connection(.loopback)
    #expect(connection.get(server.url("/bytes/200000"), into: Refusal()).error != nil)
    #expect(connection.get(server.url("/bytes/5")).succeeded)
  }
}
