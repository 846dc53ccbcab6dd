import Testing
@testable import Downloads

/// RFC 6298 (2.1) has the first packet of a connection sent again after a second where it is lost, as a server does with those
/// that its queue cannot hold.
@Suite("How long connections are waited for") struct ConnectionPatienceTests {
  @Test("A connection that takes a second, or is given up, halves the number once", arguments: [1.02, 3.1, nil])
  func dropped(seconds: Double?) {
    var patience = ConnectionPatience()
    #expect(patience.ended(connectSeconds: 0.002, from: 0, to: 0.1, beside: 5) == nil)
    #expect(patience.ended(connectSeconds: seconds, from: 0.2, to: 1.3, beside: 11) == 6)
    // Those that began at the same time say the same.
    #expect(patience.ended(connectSeconds: seconds, from: 0.2, to: 1.3, beside: 10) == nil)
    #expect(patience.ended(connectSeconds: seconds, from: 1.4, to: 2.5, beside: 5) == 3)
  }

  @Test("A host that is a second away is no host that drops connections")
  func farAway() {
    var patience = ConnectionPatience()
    #expect(patience.seconds == nil)
    #expect(patience.ended(connectSeconds: 1.2, from: 0, to: 2, beside: 5) == nil)
  }

  @Test("A connection is waited for eight times as long as the longest before it, and 30 ms at least")
  func seconds() {
    var patience = ConnectionPatience()
    _ = patience.ended(connectSeconds: 0.001, from: 0, to: 1, beside: 0)
    #expect(patience.seconds == 0.03)
    _ = patience.ended(connectSeconds: 0.1, from: 1, to: 2, beside: 0)
    #expect(patience.seconds == 0.8)
  }
}
