private import AdvisorCore
private import func Glibc.log
import Statistics

/// One simulated queue and its two controls, in units of the mean service time; at first every server is idle.
struct QueueRun {
  /// Sums over requests that followed each other.
  struct Batch {
    var wait = 0.0
    var fastWait = 0.0
    var excess = 0.0
    var requests = 0
  }

  private(set) var batches: [Batch] = []
  private(set) var requests = 0
  private(set) var waited = 0
  private(set) var waits: [Double] = []
  private(set) var responses: [Double] = []

  private let offeredLoad: Double
  private let service: ServiceDistribution
  private let servers: Int
  private var random: Xoshiro
  private var clock = 0.0
  /// When each server will be free.
  private var freeTimes: Heap<Double>
  /// What the single fast server has still to do.
  private var fastWorkload = 0.0
  /// When those leave who are served without ever waiting.
  private var departures = Heap<Double>()

  init(offeredLoad: Double, service: ServiceDistribution, servers: Int, seed: UInt64) {
    self.offeredLoad = offeredLoad
    self.service = service
    self.servers = servers
    random = Xoshiro(seed: seed)
    freeTimes = Heap(repeating: 0, count: servers)
  }

  /// Serves the next `count` requests.
  mutating func advance(_ count: Int, recording: Bool) {
    var batch = Batch()
    for _ in 0..<count {
      let gap = -log(random.unit()) / offeredLoad
      let work = service.draw(&random)
      clock += gap
      fastWorkload = max(0, fastWorkload - gap)
      while let departure = departures.least, departure <= clock { departures.removeLeast() }
      let wait = max(0, (freeTimes.least ?? 0) - clock)
      if recording { record(&batch, wait: wait, work: work) }
      freeTimes.replaceLeast(with: clock + wait + work)
      fastWorkload += work / Double(servers)
      departures.insert(clock + work)
    }
  }

  private mutating func record(_ batch: inout Batch, wait: Double, work: Double) {
    batch.wait += wait
    batch.fastWait += fastWorkload
    batch.excess += Double(max(0, departures.count - servers + 1))
    batch.requests += 1
    if batch.requests == Self.batchSize {
      batches.append(batch)
      batch = Batch()
    }
    requests += 1
    if wait > 0 { waited += 1 }
    // Neighbours wait nearly alike; every fourth says as much.
    if requests % 4 == 0 {
      waits.append(wait)
      responses.append(wait + work)
    }
  }

  private static let batchSize = 1 << 12
}
