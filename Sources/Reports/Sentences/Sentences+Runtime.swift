import AdvisorCore

/// What a runtime's own costs say.
extension Sentences {
  func gil(_ threads: Reason.ThreadTime?, _ released: Reason.ReleasedGIL?) -> String {
    let own = threads.map { ": \(executor($0.threads)) would take \(time($0.seconds))" } ?? ""
    let other =
      released.map {
        ": \(count($0.threads, "thread")) of zlib.compress gave a \(times($0.speedup)) speedup here, so "
          + "\(executor($0.threads)) would take \(time($0.seconds))"
      } ?? ", as much of numpy, hashlib and zlib does"
    return "The GIL lets one thread compute at a time\(own). Functions that release it run in parallel\(other). "
      + "`advisor map module:function` measures whether yours does."
  }

  private func executor(_ threads: Int) -> String { strategies.name(of: Plan(strategy: .threads, workers: threads)) }

  func poolStart(_ workers: Int, _ methods: [Prediction.Part], _ threadSeconds: Double?) -> String {
    let times = methods.map { "\(time($0.seconds)) by \($0.name)" }.joined(separator: ", ")
    let thread = threadSeconds.map { "; a thread takes \(time($0))" } ?? ""
    return "Starting and ending Pool(\(workers)) takes \(times)\(thread)."
  }

  func handOver(_ poolChunkSeconds: Double, _ threadTaskSeconds: Double, _ loopTaskSeconds: Double) -> String {
    "Dispatch takes \(time(poolChunkSeconds)) per chunk in a Pool, \(time(threadTaskSeconds)) per task in a "
      + "ThreadPoolExecutor, \(time(loopTaskSeconds)) per task in asyncio."
  }

  func pickling(_ bytes: Double, _ seconds: Double) -> String {
    "Processes pickle \(Quantity.text(bytes: bytes)) per task, which takes \(time(seconds)); threads and asyncio share it."
  }
}
