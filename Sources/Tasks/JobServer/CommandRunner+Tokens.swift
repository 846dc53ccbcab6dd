internal import AdvisorCore
internal import System

/// Tasks beside those of others that share the CPUs by make's job server: the first needs no token, each further one has one.
extension CommandRunner {
  enum Permit {
    case free
    case token(UInt8)

    var token: UInt8? { if case .token(let token) = self { token } else { nil } }
  }

  /// The right to start one task; nil where that takes a token and there is none.
  func permit() -> Permit? {
    guard let server = ledger.options.jobServer else { return .free }
    if ledger.progress.running == 0 { server.replaceLost() }
    guard ledger.progress.running > slots.count(where: { $0.token != nil }) else { return .free }
    return server.take().map { .token($0) }
  }

  func watchTokens(_ poll: borrowing EventPoll) throws(AdvisorError) {
    guard !watchesTokens, let server = ledger.options.jobServer else { return }
    try poll.add(server.descriptor, as: Self.tokenEvent)
    watchesTokens = true
  }

  /// A token has come, if no one else was faster.
  func tokensAreReady(_ poll: borrowing EventPoll) {
    if let server = ledger.options.jobServer { poll.remove(server.descriptor) }
    watchesTokens = false
  }

  /// Lets a task have a token; should this process be killed, its guard gives it back.
  func lend(_ permit: Permit, to slot: CommandSlot) {
    slot.token = permit.token
    if let token = permit.token { protector?.entry(slot.number - 1).hold(token) }
  }

  func giveBackToken(of slot: CommandSlot) {
    guard let token = slot.token else { return }
    protector?.entry(slot.number - 1).hold(nil)
    giveBack(.token(token))
    slot.token = nil
  }

  func giveBack(_ permit: Permit) {
    if let token = permit.token { ledger.options.jobServer?.giveBack(token) }
  }
}
