import AdvisorCore

/// What of a runtime's own costs bears on the choice.
extension Reasons {
  var runtimeLines: [String] {
    guard let runtime = costs.profile.seenBy else { return [] }
    return [lock(runtime), starts(runtime), handing(runtime), pickling(runtime)].compactMap(\.self)
  }

  private var computes: Bool { survey.sequential.map { $0.outcome.seconds(of: .compute) > 0.2 * $0.mean } ?? false }

  private func lock(_ runtime: RuntimeCosts) -> String? {
    guard runtime.holdsGIL else {
      return computes ? "This build has no GIL: threads compute side by side." : nil
    }
    guard computes else {
      return "A thread that waits holds no GIL: what waits is under way together, in threads as in asyncio."
    }
    let threads = survey.assessments.filter { $0.outcome.strategy == .threads && $0.outcome.workers > 1 }
    guard let best = threads.min(by: { $0.mean < $1.mean }), chosen.strategy != .threads else {
      return "The GIL lets one thread compute at a time, unless the function releases it\(withoutLock(runtime) ?? ".")"
    }
    return
      "The GIL lets one thread compute at a time: \(name(of: best.outcome)) would take "
      + "\(Quantity.text(seconds: best.mean)). A function that releases it is another matter\(withoutLock(runtime) ?? ".")"
  }

  /// What threads are worth to work that releases the lock, and how to find out whether it does.
  private func withoutLock(_ runtime: RuntimeCosts) -> String? {
    let check = "`advisor map module:function` measures whether yours does."
    guard let point = runtime.releasedSpeedups?.max(by: { $0.speedup.value < $1.speedup.value }),
      point.speedup.value > 1, let loop = survey.sequential
    else { return ", as much of numpy, hashlib and zlib does: \(check)" }
    let tasks = Double(job.stages.first?.count ?? 1)
    let seconds = loop.mean / min(point.speedup.value, tasks)
    return
      ": \(point.workers) threads of zlib.compress were \(Quantity.decimal(point.speedup.value, places: 2)) times as fast as one "
      + "here, so that ThreadPoolExecutor(\(point.workers)) would take \(Quantity.text(seconds: seconds)). \(check)"
  }

  private func starts(_ runtime: RuntimeCosts) -> String? {
    let workers = Double(chosen.strategy == .processes ? chosen.workers : 2)
    let times = runtime.pools.map {
      "\(Quantity.text(seconds: $0.first.value + workers * $0.perWorker.value)) by \($0.method)"
    }
    guard !times.isEmpty else { return nil }
    let thread = runtime[.threadStart].map { ", a thread \(Quantity.text(seconds: $0.value))" } ?? ""
    return "To start and end, Pool(\(Int(workers))) takes \(times.joined(separator: ", "))\(thread)."
  }

  private func handing(_ runtime: RuntimeCosts) -> String? {
    guard let chunk = runtime[.poolChunk], let hop = runtime[.threadHop], let task = runtime[.loopTask] else {
      return nil
    }
    return
      "To hand over, a Pool takes \(Quantity.text(seconds: chunk.value)) a chunk, ThreadPoolExecutor "
      + "\(Quantity.text(seconds: hop.value)) and asyncio \(Quantity.text(seconds: task.value)) a task."
  }

  private func pickling(_ runtime: RuntimeCosts) -> String? {
    let bytes = job.stages.reduce(0) { $0 + ($1.inputBytes ?? 0) + ($1.outputBytes ?? 0) }
    guard bytes > 0, let each = runtime[.pickling] else { return nil }
    return
      "To another process, \(Quantity.text(bytes: bytes)) a task are pickled, which takes "
      + "\(Quantity.text(seconds: bytes * each.value)); threads and asyncio share them."
  }

  /// What to mind about the way that is recommended.
  var runtimeWarnings: [String] {
    guard let runtime = costs.profile.seenBy, chosen.strategy == .processes, let pool = runtime.cheapestPool,
      pool.method == "fork"
    else { return [] }
    return [
      "fork copies the program as it stands: where it has started threads before, use get_context(\"spawn\"), whose workers "
        + "import what they need again."
    ]
  }
}
