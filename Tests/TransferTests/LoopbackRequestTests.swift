import Testing

@testable import Transfer

/// RFC 9112 says what a head is; `LoopbackServer` says which targets there are.
@Suite struct LoopbackRequestTests {
  @Test(
    "A request that can be served is read",
    arguments: [
      ("GET /bytes/65536 HTTP/1.1\r\nHost: a\r\n", .bytes(65536), 0, true),
      ("GET /bytes/0 HTTP/1.1\r\n", .bytes(0), 0, true),
      ("GET /bytes/1?latency=20ms HTTP/1.1\r\n", .bytes(1), 20_000_000, true),
      ("GET /bytes/1?latency=1.5s HTTP/1.1\r\n", .bytes(1), 1_500_000_000, true),
      ("GET /cpu HTTP/1.1\r\n", .cpu, 0, true),
      ("GET /cpu HTTP/1.0\r\n", .cpu, 0, false),
      ("GET /cpu HTTP/1.1\r\nCONNECTION: Close\r\n", .cpu, 0, false),
      ("GET /cpu HTTP/1.1\nHost: bare line feeds\n", .cpu, 0, true),
      ("GET /bytes/1125899906842624 HTTP/1.1\r\n", .bytes(1 << 50), 0, true),
    ] as [(String, LoopbackRequest.Target, UInt64, Bool)])
  func readsWhatItServes(_ head: String, target: LoopbackRequest.Target, latency: UInt64, keepsAlive: Bool) {
    let request = LoopbackRequest(head: Array(head.utf8))
    #expect(request.target == target)
    #expect(request.latencyNanoseconds == latency)
    #expect(request.keepsAlive == keepsAlive)
  }

  @Test(
    "Other requests are refused",
    arguments: [
      ("", 400), ("\r\n", 400), ("GET\r\n", 400), ("GET  /cpu HTTP/1.1\r\n", 400), ("GET cpu HTTP/1.1\r\n", 400),
      ("GET /cpu HTTP/2.0\r\n", 505), ("GET /cpu FTP\r\n", 505), ("POST /cpu HTTP/1.1\r\n", 405),
      ("GET / HTTP/1.1\r\n", 404), ("GET /cpu/0 HTTP/1.1\r\n", 404), ("GET /bytes/1/2 HTTP/1.1\r\n", 404),
      ("GET /bytes/ HTTP/1.1\r\n", 400), ("GET /bytes/-1 HTTP/1.1\r\n", 400), ("GET /bytes/x HTTP/1.1\r\n", 400),
      ("GET /bytes/1125899906842625 HTTP/1.1\r\n", 400),
      ("GET /bytes/99999999999999999999999 HTTP/1.1\r\n", 400),
      ("GET /bytes/1?latency=20 HTTP/1.1\r\n", 400), ("GET /bytes/1?latency=-1s HTTP/1.1\r\n", 400),
      ("GET /bytes/1?latency=1e300h HTTP/1.1\r\n", 400), ("GET /bytes/1?size=3 HTTP/1.1\r\n", 400),
      ("GET /cpu HTTP/1.1\r\nno colon\r\n", 400), ("GET /cpu HTTP/1.1\r\nContent-Length: 5\r\n", 400),
      ("GET /cpu HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", 400),
    ])
  func refusesTheRest(_ head: String, status: Int) {
    #expect(LoopbackRequest(head: Array(head.utf8)).target == .refused(status))
  }

  @Test("Bytes that are not text are refused")
  func refusesBytesThatAreNotText() {
    #expect(LoopbackRequest(head: [0, 1, 0xff]).target == .refused(400))
    #expect(LoopbackRequest(head: [0xff, 0xfe, 0x20, 0x2f, 0x20, 0x80]).target == .refused(505))
  }

  @Test(
    "The connection ends where the next request cannot be found",
    arguments: ["GET /cpu HTTP/1.1\r\nno colon\r\n", "x\r\n", "GET /cpu HTTP/1.1\r\nContent-Length: 5\r\n"])
  func endsTheConnectionWhereTheNextRequestCannotBeFound(_ head: String) {
    #expect(!LoopbackRequest(head: Array(head.utf8)).keepsAlive)
  }
}
