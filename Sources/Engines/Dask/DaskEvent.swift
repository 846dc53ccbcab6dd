internal import AdvisorCore

/// What the program that drives Dask tells.
struct DaskEvent: Decodable {
  /// By hand: a result stands beside `event`, not below a key of its own.
  private enum CodingKeys: String, CodingKey { case event, id, workers, reason, text, problem, advice }

  private var event: String
  private(set) var id: Int?
  private var workers: [EngineCosts.Worker]?
  private var reason: String?
  private var text: String?
  private var problem: String?
  private var advice: String?
  private var result: ResultMessage?

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    event = try values.decode(String.self, forKey: .event)
    id = try values.decodeIfPresent(Int.self, forKey: .id)
    workers = try values.decodeIfPresent([EngineCosts.Worker].self, forKey: .workers)
    reason = try values.decodeIfPresent(String.self, forKey: .reason)
    text = try values.decodeIfPresent(String.self, forKey: .text)
    problem = try values.decodeIfPresent(String.self, forKey: .problem)
    advice = try values.decodeIfPresent(String.self, forKey: .advice)
    if event == "ended" { result = try ResultMessage(from: decoder) }
  }

  /// - Throws: what it says has ended the engine.
  func engineEvent(timeoutSeconds: Double?) throws(AdvisorError) -> EngineEvent? {
    switch event {
    case "ready": return .ready
    case "workers": return .workers(workers ?? [])
    case "note": return .note(text ?? "")
    case "lost": return .lost(id ?? 0, reason ?? "its worker was lost")
    case "withdrawn": return .withdrawn(id ?? 0)
    case "ended": return result.map { .ended($0.result(timeoutSeconds)) }
    case "failed":
      throw AdvisorError(.unavailable, problem ?? "the Dask engine failed", advice: advice ?? "run it again")
    default: return nil
    }
  }
}

/// Has the program that drives Dask end tasks.
struct DaskCancellation: Encodable {
  let `do` = "cancel"
  var ids: [Int]
}

/// Has it stop what workers on this machine run, or let that go on.
struct DaskHold: Encodable {
  let `do` = "hold"
  var on: Bool
}
