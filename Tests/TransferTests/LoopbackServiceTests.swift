import Testing

@testable import Transfer

@Suite struct LoopbackServiceTests {
  @Test("A whole response is answered")
  func answersAWholeResponse() throws {
    let server = try TestServer()
    let connection = try server.connect()
    connection.send("GET /bytes/3 HTTP/1.0\r\n\r\n")
    #expect(
      connection.receive() == """
        HTTP/1.1 200 OK\r
        Content-Type: application/octet-stream\r
        Content-Length: 3\r
        Connection: close\r
        \r
        xxx
        """)
  }

  @Test("Pipelined requests are answered in order")
  func answersPipelinedRequestsInOrder() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send("GET /bytes/1?latency=30ms HTTP/1.1\r\n\r\nGET /nothing HTTP/1.1\r\n\r\nGET /bytes/2 HTTP/1.0\r\n\r\n")
    let lengths = client.receive().split(separator: "\r\n").filter { $0.hasPrefix("Content-Length") }
    #expect(lengths == ["Content-Length: 1", "Content-Length: 10", "Content-Length: 2"])
  }

  @Test("A head that comes in pieces is read")
  func readsAHeadThatComesInPieces() throws {
    let server = try TestServer()
    let client = try server.connect()
    for piece in ["GE", "T /bytes/1 HT", "TP/1.0\r", "\n\r", "\n"] { client.send(piece) }
    #expect(client.receive().hasSuffix("\r\n\r\nx"))
  }

  @Test("A body larger than any buffer is sent")
  func sendsABodyLargerThanAnyBuffer() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send("GET /bytes/20000000 HTTP/1.0\r\n\r\n")
    let response = client.receive()
    #expect(
      response.utf8.count == "HTTP/1.1 200 OK\r\n".utf8.count
        + "Content-Type: application/octet-stream\r\nContent-Length: 20000000\r\nConnection: close\r\n\r\n".utf8.count
        + 20_000_000)
  }

  @Test("A client that has finished sending is answered")
  func answersAClientThatHasFinishedSending() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send("GET /bytes/1?latency=20ms HTTP/1.1\r\n\r\n")
    client.finish()
    #expect(client.receive().hasSuffix("\r\n\r\nx"))
  }

  @Test(
    "A request that makes no sense closes the connection",
    arguments: ["\r\n\r\n\r\n", "nonsense\r\n\r\n", "GET /cpu HTTP/1.1\r\nContent-Length: 9\r\n\r\nGET /cpu "])
  func closesOnARequestThatMakesNoSense(_ bytes: String) throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send(bytes)
    #expect(client.receive().hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
  }

  @Test("An endless head is refused")
  func refusesAnEndlessHead() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send("GET /cpu HTTP/1.1\r\nX: " + String(repeating: "y", count: 20_000))
    #expect(client.receive().hasPrefix("HTTP/1.1 431 "))
  }

  @Test("The server outlives clients that leave")
  func outlivesClientsThatLeave() throws {
    let server = try TestServer()
    for path in ["/bytes/1?latency=10ms", "/bytes/100000000", "/cpu"] {
      for _ in 0..<20 { try server.connect().send("GET \(path) HTTP/1.1\r\n\r\n") }
    }
    let client = try server.connect()
    client.send("GET /bytes/1 HTTP/1.0\r\n\r\n")
    #expect(client.receive().hasSuffix("\r\n\r\nx"))
  }

  @Test("Many waiting connections are held")
  func holdsManyWaitingConnections() throws {
    let server = try TestServer()
    let clients = try (0..<300).map { _ in try server.connect() }
    for client in clients { client.send("GET /bytes/1?latency=100ms HTTP/1.0\r\n\r\n") }
    #expect(clients.allSatisfy { $0.receive().hasSuffix("\r\n\r\nx") })
  }

  @Test("The server reports its CPU time")
  func reportsItsCPUTime() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send("GET /cpu HTTP/1.0\r\n\r\n")
    let text = client.receive()
    let seconds = Double(text.split(separator: "\r\n\r\n").last?.dropLast() ?? "")
    #expect((seconds ?? -1) > 0)
  }
}
