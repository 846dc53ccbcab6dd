import AdvisorCore
import Calibration
import CostModel
import Executors

/// Steps until the Collatz sequence of a number reaches one.
@Sendable func steps(from start: Int) -> Int {
  var (number, count) = (start, 0)
  while number != 1 {
    number = number.isMultiple(of: 2) ? number / 2 : 3 * number + 1
    count += 1
  }
  return count
}

/// The longest sequence that starts in a block of numbers.
@Sendable func longest(in block: Int) -> Int {
  (block * 20_000 + 1...(block + 1) * 20_000).lazy.map(steps).max() ?? 0
}

do {
  let blocks = 0..<64
  // What a block costs here, and how many threads that is worth on this machine, as `advisor calibrate` has measured it.
  let job = try Job(mapping: blocks, longest)
  let plan = try CostModel(profile: try ProfileStore.profileOfThisMachine()).mapPlan(for: job)
  print("\(job.text): \(plan.strategy.rawValue) with \(plan.workers) worker(s), chunks of \(plan.chunk)")

  let clock = ContinuousClock()
  var found: [Int] = []
  let concurrent = try clock.measure { found = try blocks.concurrentMap(plan, longest) }
  let alone = clock.measure { precondition(blocks.map(longest) == found) }
  print("longest sequence: \(found.max() ?? 0) steps")
  print("took \(concurrent), one after the other \(alone)")
} catch let error as AdvisorError {
  // It says what to do next: without a profile, to run `advisor calibrate` once.
  print(error)
}
