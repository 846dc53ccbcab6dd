import AdvisorCore
import Statistics

/// What was found out about an engine so far; pure.
struct EngineFindings {
  /// A few calls of one task, many of them, and as many of several tasks each, one after the other.
  struct Round {
    var few: Int
    var fewSeconds: Double
    var many: Int
    var manySeconds: Double
    /// On its worker, by its clock, of a call of one task.
    var workerSeconds: Double
    /// Tasks in each call of several; nil where there was no time for those.
    var chunk: (tasks: Int, seconds: Double)?
  }

  /// From the start until it took tasks, and from then until the first task had come home; one of each a start.
  var ready: [Double] = []
  var first: [Double] = []
  var rounds: [Round] = []
  /// Seconds for each byte.
  var upload: [Double] = []
  var download: [Double] = []
  /// Bytes a second that a worker got, while all of them asked.
  var source: [Double] = []
  var workers: [EngineCosts.Worker] = []
  var quality: [ProfileWarning] = []

  /// - Returns: nil where a cost is missing without which there is no advice.
  func costs(engine: String, address: String?, isUp: Bool, now: String) -> EngineCosts? {
    let slots = workers.reduce(0) { $0 + $1.slots }
    guard slots > 0, let ready = Estimate(samples: ready, .seconds), let first = Estimate(samples: first, .seconds),
      let slope = Estimate(samples: rounds.map(\.slope), .seconds),
      let task = Estimate(samples: rounds.map(\.workerSeconds), .seconds)
    else { return nil }
    // What the workers' share does not explain is the dispatcher's, which hands out the calls and takes their results one by one.
    let share = task.value / Double(slots)
    let submission = Estimate(
      value: max(0, slope.value - share), low: max(0, slope.low - share), high: max(0, slope.high - share),
      samples: slope.samples, unit: .seconds)
    return EngineCosts(
      engine: engine, address: address, isUp: isUp, measuredAt: now, readySeconds: ready, firstTaskSeconds: first,
      submissionSeconds: submission, taskSeconds: task,
      itemSeconds: Estimate(samples: rounds.compactMap { $0.itemSeconds(slots: slots) }, .seconds),
      uploadBytesPerSecond: Estimate(secondsPerByte: upload),
      downloadBytesPerSecond: Estimate(secondsPerByte: download),
      sourceBytesPerSecond: Estimate(samples: source, .bytesPerSecond), workers: workers, quality: quality)
  }
}

extension EngineFindings.Round {
  /// Of a further call, all slots at work.
  var slope: Double { max(0, manySeconds - fewSeconds) / Double(max(1, many - few)) }

  /// Of a further task in a call, on its worker.
  func itemSeconds(slots: Int) -> Double? {
    chunk.map { max(0, $0.seconds - manySeconds) / Double(many * max(1, $0.tasks - 1)) * Double(slots) }
  }
}

extension Estimate {
  /// - Returns: nil without samples. One alone says nothing of its spread: half of it either way is taken for that.
  init?(samples values: [Double], _ unit: Unit) {
    guard values.count != 1 else {
      self.init(value: values[0], low: values[0] / 2, high: values[0] * 1.5, samples: 1, unit: unit)
      return
    }
    guard let median = RobustEstimate.median(of: values) else { return nil }
    self.init(median, unit)
  }

  /// A rate from times.
  init?(secondsPerByte values: [Double]) {
    guard let each = Estimate(samples: values, .seconds), each.value > 0 else { return nil }
    self.init(
      value: 1 / each.value, low: 1 / max(each.high, 1e-15), high: 1 / max(each.low, each.value / 10),
      samples: each.samples, unit: .bytesPerSecond)
  }
}
