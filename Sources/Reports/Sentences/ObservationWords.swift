import Observation

extension Observation.Part.Code {
  var words: String {
    switch self {
    case .running: "running"
    case .runQueue: "queue for a CPU"
    case .throttled: "throttled"
    case .stolen: "stolen"
    case .disk: "disk"
    case .lock: "lock"
    case .network: "network, peers"
    case .pipe: "pipe"
    case .sleep: "sleep"
    case .idle: "idle"
    case .unknown: "unknown wait"
    }
  }

  /// Of a piece of the timeline; throttled and stolen time are told apart for the whole only.
  func share(_ split: TimeSplit) -> Double {
    let seconds: Double =
      switch self {
      case .running, .stolen: split.running
      case .runQueue, .throttled: split.queue
      case .disk: split.disk
      case .lock: split.lock
      case .network: split.network
      case .pipe: split.pipe
      case .sleep: split.sleep
      case .idle: split.idle
      case .unknown: split.unknown
      }
    return seconds / max(split.sum, 1e-9)
  }
}
