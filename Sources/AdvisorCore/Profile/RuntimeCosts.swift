/// What a language's own ways of running things cost on one machine: those of one interpreter.
public struct RuntimeCosts: Codable, Sendable, Hashable {
  /// The name under which it was asked for, such as `python3`.
  public var name: String
  /// Its own path (`sys.executable`).
  public var interpreter: String
  /// `CPython`, `PyPy` …
  public var implementation: String
  public var version: String
  /// Whether it was built so that it can run without a global interpreter lock (`Py_GIL_DISABLED`).
  public var isFreeThreaded: Bool
  /// Whether one thread at a time computes (`sys._is_gil_enabled()`; true before Python 3.13).
  public var holdsGIL: Bool
  /// How `multiprocessing` starts processes unless told otherwise: `fork`, `forkserver` or `spawn`.
  public var startMethod: String
  /// ISO 8601, UTC.
  public var measuredAt: String
  public var costs: [RuntimeCost]
  public var pools: [PoolCost]
  /// The word kernel's throughput with w processes over that of a plain loop.
  public var processSpeedups: [RuntimeSpeedup]
  /// Speedups of the same work with threads: at most 1 where a global interpreter lock is held.
  public var threadSpeedups: [RuntimeSpeedup]
  /// Speedups of threads whose work releases the lock, `zlib.compress` of a large buffer; nil where not measured.
  public var releasedSpeedups: [RuntimeSpeedup]?
  /// Import times of the modules that the user named.
  public var imports: [ImportCost]
  /// What makes these figures doubtful.
  @Coded public var quality: [ProfileWarning]

  public init(
    name: String, interpreter: String, implementation: String, version: String, isFreeThreaded: Bool, holdsGIL: Bool,
    startMethod: String, measuredAt: String, costs: [RuntimeCost], pools: [PoolCost],
    processSpeedups: [RuntimeSpeedup] = [], threadSpeedups: [RuntimeSpeedup] = [],
    releasedSpeedups: [RuntimeSpeedup]? = nil, imports: [ImportCost] = [], quality: [ProfileWarning] = []
  ) {
    self.name = name
    self.interpreter = interpreter
    self.implementation = implementation
    self.version = version
    self.isFreeThreaded = isFreeThreaded
    self.holdsGIL = holdsGIL
    self.startMethod = startMethod
    self.measuredAt = measuredAt
    self.costs = costs
    self.pools = pools
    self.processSpeedups = processSpeedups
    self.threadSpeedups = threadSpeedups
    self.releasedSpeedups = releasedSpeedups
    self.imports = imports
    self.quality = quality
  }

  public subscript(_ name: RuntimeCost.Name) -> Estimate? { costs.first { $0.name == name }?.estimate }

  /// The way of starting a pool of processes that costs least here.
  public var cheapestPool: PoolCost? {
    pools.min { $0.first.value + 2 * $0.perWorker.value < $1.first.value + 2 * $1.perWorker.value }
  }
}

/// One cost of a runtime: seconds or bytes an occurrence, seconds a letter or byte where the unit is `s/unit`.
public struct RuntimeCost: Codable, Sendable, Hashable {
  public enum Name: String, Codable, Sendable, CaseIterable {
    /// The start and end of an interpreter that does nothing.
    case interpreterStart
    /// `threading.Thread`, started and joined.
    case threadStart
    /// One item through a warm `ThreadPoolExecutor`.
    case threadHop
    /// `Pool.apply` on a warm pool: there and back.
    case poolRoundTrip
    /// A chunk's share of `Pool.map` on two workers.
    case poolChunk
    /// A task's share within a chunk.
    case poolTask
    /// `asyncio.run` of a coroutine that does nothing.
    case loopStart
    /// One turn of the event loop: `asyncio.sleep(0)`.
    case loopHop
    /// A coroutine that passes a semaphore and waits once, as part of `asyncio.gather`.
    case loopTask
    /// `asyncio.to_thread` and back.
    case toThread
    /// A byte pickled and unpickled; CPU time.
    case pickling
    /// What a thread that comes back from a wait waits for the global interpreter lock while another computes.
    case gilWait
    /// A letter of the course's random word; CPU time.
    case word
    /// An HTTP request over a connection of its own by `http.client`; the client's CPU time.
    case request
    /// One request by `asyncio`'s streams.
    case loopRequest
    /// Each byte of a reply; the client's CPU time.
    case requestByte
    case memoryOfInterpreter
    case memoryPerThread
    /// Bytes that a waiting coroutine holds.
    case memoryPerTask
  }

  public var name: Name
  public var estimate: Estimate

  public init(name: Name, estimate: Estimate) {
    self.name = name
    self.estimate = estimate
  }
}

/// A `multiprocessing.Pool` by one start method, with a first task for each worker and its end: first + workers · perWorker seconds.
public struct PoolCost: Codable, Sendable, Hashable {
  /// `fork`, `forkserver` or `spawn`.
  public var method: String
  public var first: Estimate
  public var perWorker: Estimate
  /// Memory that a worker shares with nobody; nil where the kernel does not say.
  public var memoryPerWorker: Estimate?

  public init(method: String, first: Estimate, perWorker: Estimate, memoryPerWorker: Estimate? = nil) {
    self.method = method
    self.first = first
    self.perWorker = perWorker
    self.memoryPerWorker = memoryPerWorker
  }
}

/// Throughput of w workers over that of a plain loop.
public struct RuntimeSpeedup: Codable, Sendable, Hashable {
  public var workers: Int
  public var speedup: Estimate

  public init(workers: Int, speedup: Estimate) {
    self.workers = workers
    self.speedup = speedup
  }
}

/// The first import of a module in a fresh interpreter.
public struct ImportCost: Codable, Sendable, Hashable {
  public var module: String
  public var seconds: Estimate

  public init(module: String, seconds: Estimate) {
    self.module = module
    self.seconds = seconds
  }
}

extension RuntimeCosts {
  /// Every cost under a name that means the same in another profile.
  public var namedEstimates: [(String, Estimate)] {
    var named = costs.map { ($0.name.rawValue, $0.estimate) }
    for pool in pools {
      named += [("pool by \(pool.method), first", pool.first), ("pool by \(pool.method), per worker", pool.perWorker)]
      named += pool.memoryPerWorker.map { [("pool by \(pool.method), memory per worker", $0)] } ?? []
    }
    named += processSpeedups.map { ("speedup, \($0.workers) processes", $0.speedup) }
    named += threadSpeedups.map { ("speedup, \($0.workers) threads", $0.speedup) }
    named += (releasedSpeedups ?? []).map { ("speedup, \($0.workers) threads without the lock", $0.speedup) }
    named += imports.map { ("import \($0.module)", $0.seconds) }
    return named.map { ("\(name): \($0.0)", $0.1) }
  }
}
