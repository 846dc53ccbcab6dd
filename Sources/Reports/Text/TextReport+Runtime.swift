public import AdvisorCore
public import Console

extension TextReport {
  /// What an interpreter's own ways of running things cost.
  public static func runtime(_ runtime: RuntimeCosts) -> String {
    let parts: [String?] = [
      """
      \(runtime.title)
        \(runtime.interpreter), measured \(runtime.measuredAt)
      """,
      "Costs\n" + indent(costs(runtime).text),
      "A pool of processes, started and ended\n" + indent(pools(runtime).text),
      runtime.processSpeedups.isEmpty ? nil : "Speedup by workers\n" + indent(speedups(runtime).text),
      runtime.imports.isEmpty ? nil : "Imports\n" + indent(imports(runtime).text),
      list("Caveats", runtime.quality.map(Sentences().text), mark: "!"),
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  private static func costs(_ runtime: RuntimeCosts) -> Table {
    Table(
      [.init("cost"), .init("value", .right), .init("90 % interval", .right)],
      rows: runtime.costs.map { [$0.name.title, figure($0.estimate), interval($0.estimate)] })
  }

  private static func pools(_ runtime: RuntimeCosts) -> Table {
    Table(
      [
        .init("by"), .init("first", .right), .init("each worker", .right), .init("90 % interval", .right),
        .init("memory each", .right),
      ],
      rows: runtime.pools.map { pool in
        [
          pool.method == runtime.startMethod ? "\(pool.method), the default" : pool.method, figure(pool.first),
          figure(pool.perWorker), interval(pool.perWorker),
          pool.memoryPerWorker.map { value($0.value, $0.unit) } ?? "–",
        ]
      })
  }

  private static func speedups(_ runtime: RuntimeCosts) -> Table {
    let kinds = [
      ("processes, pure Python", runtime.processSpeedups), ("threads, pure Python", runtime.threadSpeedups),
      ("threads, the GIL released", runtime.releasedSpeedups ?? []),
    ]
    return Table(
      [.init("carrier"), .init("workers", .right), .init("speedup", .right), .init("90 % interval", .right)],
      rows: kinds.flatMap { kind, points in
        points.map { [kind, "\($0.workers)", figure($0.speedup), interval($0.speedup)] }
      })
  }

  private static func imports(_ runtime: RuntimeCosts) -> Table {
    Table(
      [.init("module"), .init("first import", .right), .init("90 % interval", .right)],
      rows: runtime.imports.map { [$0.module, figure($0.seconds), interval($0.seconds)] })
  }
}

extension RuntimeCosts {
  /// `CPython 3.11.2, one thread computes at a time (GIL)`.
  public var title: String {
    let gil =
      holdsGIL
      ? "one thread computes at a time (GIL\(isFreeThreaded ? ", though built without need of it" : ""))"
      : "threads compute side by side (no GIL)"
    return "\(implementation) \(version), \(gil)"
  }
}

extension RuntimeCost.Name {
  fileprivate var title: String {
    switch self {
    case .interpreterStart: "start of an interpreter"
    case .threadStart: "a thread, started and joined"
    case .threadHop: "an item through ThreadPoolExecutor"
    case .poolRoundTrip: "a round trip to a Pool's worker"
    case .poolChunk: "a chunk of Pool.map"
    case .poolTask: "a task within a chunk"
    case .loopStart: "asyncio.run"
    case .loopHop: "a turn of the event loop"
    case .loopTask: "a coroutine in asyncio.gather"
    case .toThread: "asyncio.to_thread"
    case .pickling: "pickling, a byte there and back"
    case .gilWait: "wait for the GIL beside a busy thread"
    case .word: "a letter of a random word"
    case .request: "an HTTP request, http.client, CPU time"
    case .loopRequest: "an HTTP request, asyncio, CPU time"
    case .requestByte: "a byte of its reply, CPU time"
    case .memoryOfInterpreter: "memory of the interpreter"
    case .memoryPerThread: "memory of a thread"
    case .memoryPerTask: "memory of a coroutine"
    }
  }
}
