import AdvisorCore

/// What a worker process is told first.
struct WorkerSetup: Equatable {
  /// The process that started it, and without which it must not go on.
  var parent: Int
  var index: Int
  /// Where to run; nil leaves it to the kernel.
  var cpu: Int?
  var job: Job
  var surroundings: Surroundings

  var frame: Frame {
    var frame = Frame()
    frame.append(parent)
    frame.append(index)
    frame.append(cpu ?? -1)
    // Job strings are exact: the notation of `Stage` gives back the same numbers.
    frame.append(job.stages.map(\.description).joined(separator: "+"))
    frame.append(surroundings.scratchPath ?? "")
    frame.append(surroundings.ioURL ?? "")
    for kernel in Kernel.allCases {
      frame.append(Int(bitPattern: UInt((surroundings.secondsPerUnit[kernel] ?? 0).bitPattern)))
    }
    return frame
  }

  init(parent: Int, index: Int, cpu: Int?, job: Job, surroundings: Surroundings) {
    self.parent = parent
    self.index = index
    self.cpu = cpu
    self.job = job
    self.surroundings = surroundings
  }

  init?(_ frame: Frame.Reader) {
    var frame = frame
    guard let parent = frame.number(), let index = frame.number(), let cpu = frame.number(),
      let job = frame.text().flatMap({ try? Job($0) }), let scratch = frame.text(), let url = frame.text()
    else { return nil }
    var costs: [Kernel: Double] = [:]
    for kernel in Kernel.allCases {
      guard let bits = frame.number() else { return nil }
      let seconds = Double(bitPattern: UInt64(UInt(bitPattern: bits)))
      if seconds > 0 { costs[kernel] = seconds }
    }
    self.init(
      parent: parent, index: index, cpu: cpu < 0 ? nil : cpu, job: job,
      surroundings: Surroundings(
        secondsPerUnit: costs, scratchPath: scratch.isEmpty ? nil : scratch, ioURL: url.isEmpty ? nil : url))
  }
}

/// What a worker process answers.
enum WorkerReply: Equatable {
  /// It can take its first chunk.
  case ready
  /// It cannot work at all.
  case refused(AdvisorError)
  /// It has run a chunk.
  case done(Tally)

  var frame: Frame {
    var frame = Frame()
    switch self {
    case .ready:
      frame.append(0)
    case .refused(let error):
      frame.append(1)
      frame.append(Int(error.code.rawValue))
      frame.append(error.problem)
      frame.append(error.advice)
    case .done(let tally):
      frame.append(2)
      frame.append(tally)
    }
    return frame
  }

  init?(_ frame: Frame.Reader) {
    var frame = frame
    switch frame.number() {
    case 0: self = .ready
    case 1:
      guard let code = frame.number().flatMap({ AdvisorError.Code(rawValue: Int32(truncatingIfNeeded: $0)) }),
        let problem = frame.text(), let advice = frame.text()
      else { return nil }
      self = .refused(AdvisorError(code, problem, advice: advice))
    case 2:
      guard let tally = frame.tally() else { return nil }
      self = .done(tally)
    default: return nil
    }
  }
}

extension Frame {
  /// Counts, failures and durations; the CPU time is not in it, for the parent learns it when it reaps the worker.
  fileprivate mutating func append(_ tally: Tally) {
    append(tally.done)
    append(tally.failed)
    append(tally.failures.count)
    for failure in tally.failures {
      append(failure.task)
      append(failure.reason)
    }
    append(Int(truncatingIfNeeded: tally.durations.totalNanoseconds))
    for (bucket, times) in tally.durations.buckets {
      append(bucket)
      append(times)
    }
  }
}

extension Frame.Reader {
  fileprivate mutating func tally() -> Tally? {
    var tally = Tally()
    guard let done = number(), let failed = number(), let named = number() else { return nil }
    for _ in 0..<max(0, named) {
      guard let task = number(), let reason = text() else { return nil }
      tally.failures.append(TaskFailure(task: task, reason: reason))
    }
    guard let total = number() else { return nil }
    var buckets: [(Int, Int)] = []
    while let bucket = number(), let times = number() { buckets.append((bucket, times)) }
    guard let durations = DurationHistogram(buckets: buckets, totalNanoseconds: UInt64(bitPattern: Int64(total)))
    else { return nil }
    tally.done = done
    tally.failed = failed
    tally.durations = durations
    return tally
  }
}
