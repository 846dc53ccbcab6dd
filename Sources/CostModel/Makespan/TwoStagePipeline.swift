private import AdvisorCore
import Statistics

/// Items that flow through two stages, each with slots of its own, and a bounded buffer between.
///
/// An item that is done in the first stage holds its slot until the buffer, or a free slot of the second stage, takes it.
struct TwoStagePipeline: Sendable, Hashable {
  var items: Int
  /// Mean seconds of an item in each stage.
  var first: Double
  var second: Double
  var firstSlots: Int
  var secondSlots: Int
  /// Items between the stages at most; nil for no bound.
  var buffer: Int?
  /// Seconds for which a slot of the first stage waits before each item but its first.
  var gap = 0.0

  /// Equal items: either the first stage is always busy, and the last wave's items follow through the second, or the second stage
  /// is always busy but for the first item's way to it (docs/model.md, 5.2).
  var formula: Double {
    let waves = (Double(items) / Double(firstSlots)).rounded(.up)
    let last = Double(items) - (waves - 1) * Double(firstSlots)
    return max(
      first * waves + gap * (waves - 1) + second * (last / Double(secondSlots)).rounded(.up),
      first + second * (Double(items) / Double(secondSlots)).rounded(.up))
  }

  /// Simulated makespans over random item times, lognormal in both stages.
  func simulated(scv: Double, replications: Int, seed: UInt64 = 1) -> [Double] {
    let sizes = LognormalSizes(scv: scv)
    var random = Xoshiro(seed: seed)
    return (0..<replications).map { _ in
      var run = PipelineRun(self)
      return run.makespan { sizes.quantile(random.unit()) }
    }
  }

  /// Equal items by the formula; random ones simulated, many of them by going on at the pace of the last half.
  func makespan(scv: Double) -> Makespan {
    guard scv > 0 else { return Makespan(mean: formula, deviation: 0) }
    let enough = 800
    let drawn = simulated(scv: scv, items: min(items, enough))
    let mean = drawn.mean() ?? formula
    guard items > enough else { return Makespan(mean: mean, deviation: 0, drawn: drawn) }
    let half = simulated(scv: scv, items: enough / 2).mean() ?? 0
    let pace = (mean - half) / Double(enough / 2)
    let total = mean + pace * Double(items - enough)
    return Makespan(mean: total, deviation: total * (scv / Double(items)).squareRoot())
  }

  private func simulated(scv: Double, items: Int) -> [Double] {
    var part = self
    part.items = items
    return part.simulated(scv: scv, replications: min(1024, max(16, 8192 / items)))
  }
}

/// One pass of all items through a pipeline: who is where, moved on from event to event.
private struct PipelineRun {
  private let pipeline: TwoStagePipeline
  private let buffer: Int
  private var waiting: Int
  private var blocked = 0
  private var buffered = 0
  /// When the items in each stage will be through it.
  private var inFirst = Heap<Double>()
  private var inSecond = Heap<Double>()

  init(_ pipeline: TwoStagePipeline) {
    self.pipeline = pipeline
    buffer = pipeline.buffer ?? .max
    waiting = pipeline.items
  }

  /// - Parameter size: draws an item's time in units of the stage's mean.
  mutating func makespan(_ size: () -> Double) -> Double {
    var now = 0.0
    settle(now, size)
    while !(inFirst.isEmpty && inSecond.isEmpty) {
      let (first, second) = (inFirst.least ?? .infinity, inSecond.least ?? .infinity)
      now = min(first, second)
      if first <= second {
        inFirst.removeLeast()
        blocked += 1
      } else {
        inSecond.removeLeast()
      }
      settle(now, size)
    }
    return now
  }

  /// Moves on everything that can move: from the back, so that one free slot frees the next.
  private mutating func settle(_ now: Double, _ size: () -> Double) {
    while inSecond.count < pipeline.secondSlots, buffered + blocked > 0 {
      if buffered > 0 { buffered -= 1 } else { blocked -= 1 }
      inSecond.insert(now + pipeline.second * size())
    }
    let admitted = min(blocked, buffer - buffered)
    blocked -= admitted
    buffered += admitted
    while inFirst.count + blocked < pipeline.firstSlots, waiting > 0 {
      let isFirst = waiting > pipeline.items - pipeline.firstSlots
      waiting -= 1
      inFirst.insert(now + (isFirst ? 0 : pipeline.gap) + pipeline.first * size())
    }
  }
}
