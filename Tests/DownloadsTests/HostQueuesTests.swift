import Testing
@testable import Downloads

@Suite struct HostQueuesTests {
  private func queues(_ hosts: [String], workers: Int? = 100, perHost: Int? = nil) -> HostQueues {
    var queues = HostQueues(
      hosts.enumerated().map { Download(url: "http://\($1)/\($0)", name: "\($0)", sha256: nil) }, maxInFlight: 100,
      workers: workers, perHost: perHost)
    for index in hosts.indices.reversed() { queues.add(index) }
    return queues
  }

  private func all(_ queues: inout HostQueues) -> [Int] {
    var taken: [Int] = []
    while let index = queues.next() { taken.append(index) }
    return taken
  }

  @Test("One host's downloads come in their order")
  func orderOfOneHost() {
    var queues = queues(["a", "a", "a"])
    #expect(all(&queues) == [0, 1, 2])
    #expect(queues.waiting == 0)
  }

  @Test("Hosts take turns")
  func turns() {
    var queues = queues(["a", "a", "a", "b", "b", "b"])
    let taken = all(&queues)
    #expect(Set(taken.prefix(2).map { $0 / 3 }) == [0, 1] && Set(taken.prefix(4).suffix(2).map { $0 / 3 }) == [0, 1])
  }

  @Test("A host gets no more than it may have at once")
  func mostAtOnce() {
    var queues = queues(Array(repeating: "a", count: 5) + ["b"], perHost: 2)
    #expect(all(&queues).sorted() == [0, 1, 5])
    queues.end(0, served: true)
    #expect(all(&queues) == [2])
  }

  @Test("A host begins with as many as the shortest queue of connections takes")
  func firstRequests() {
    // Python's http.server listens with 5 (socketserver.TCPServer.request_queue_size), and Linux holds one more.
    var one = queues(Array(repeating: "a", count: 50), workers: nil)
    #expect(all(&one).count == 6)
    var two = queues(["a", "b"].flatMap { Array(repeating: $0, count: 50) }, workers: nil, perHost: 4)
    #expect(all(&two).count == 8)
  }

  @Test(
    "A host is one, whoever asks and by whatever port goes without saying",
    arguments: [
      "http://ann:secret@h/x", "http://bob@h/x", "http://h:80/x", "http://H/y?z", "http://h", "http://h/y@z",
      "http://h#x",
    ])
  func sameHost(url: String) {
    #expect(Download(url: url, name: "x", sha256: nil).host == "h")
  }

  @Test("A host gets more only where it answers faster for it")
  func growth() {
    // In 20 ms the host a answers all, b six.
    var queues = queues(["a", "b"].flatMap { Array(repeating: $0, count: 10_000) }, workers: nil)
    var flying = (a: [Int](), b: [Int]())
    var most = (a: 0, b: 0)
    for step in 1...150 {
      while let index = queues.next() { index < 10_000 ? flying.a.append(index) : flying.b.append(index) }
      most = (max(most.a, flying.a.count), max(most.b, flying.b.count))
      _ = queues.look(at: Double(step - 1) * 0.02, cpuSeconds: 0, arriving: [])
      for index in flying.a + flying.b.prefix(6) {
        let seconds = index < 10_000 ? 0.02 : 0.02 * Double(flying.b.count) / 6
        let answer = FlowController.Reading(
          bytes: 20_000, ended: 1, firstByteSeconds: seconds, totalSeconds: seconds)
        queues.answered(
          index, connectSeconds: 0.001, answer, from: Double(step - 1) * 0.02, to: Double(step) * 0.02)
        queues.add(answer, of: index)
        queues.end(index, served: true)
      }
      flying = ([], Array(flying.b.dropFirst(6)))
    }
    #expect(most.a >= 48 && most.b <= 18, "\(most)")
  }

  @Test("The user who changes the number is obeyed from then on")
  func changedNumber() {
    var queues = queues(Array(repeating: "a", count: 500), workers: nil)
    var flying = all(&queues)
    let counts = [1, -3, 200, -150].map { more -> Int in
      queues.ask(more: more)
      for index in flying { queues.end(index, served: true) }
      flying = all(&queues)
      return flying.count
    }
    #expect(counts == [7, 4, 100, 1])
  }

  @Test("The place of a refused request is not filled again, until the host has served for a while")
  func refusedRequest() {
    var queues = queues(Array(repeating: "a", count: 100))
    let taken = (0..<10).compactMap { _ in queues.next() }
    for index in taken.prefix(6) { queues.end(index, served: false, refused: true) }
    #expect(all(&queues) == [])
    // Four bear; one that ends makes room for one.
    queues.end(taken[6], served: true)
    #expect(all(&queues).count == 1)
    var more = 0
    for _ in 0..<8 {
      queues.end(taken[7], served: true)
      more += all(&queues).count
    }
    #expect(more > 8)
  }

  @Test("A host that refuses everything is still asked, one at a time")
  func refusals() {
    var queues = queues(["a", "a", "a"])
    for index in all(&queues) { queues.end(index, served: false, refused: true) }
    queues.add(0)
    queues.add(1)
    #expect(all(&queues).count == 1)
  }
}
