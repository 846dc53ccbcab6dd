internal import Statistics

extension Tuner {
  /// The largest number of workers that fits into memory is a candidate.
  mutating func addLargestFitting() {
    guard case .workers = space, let largest = memory?.largestFitting else { return }
    let counts = candidates.map(\.workers)
    let measured = sightings.map { candidates[$0.candidate].workers }.max() ?? 0
    let failing = failed.map { counts[$0] }.min() ?? .max
    guard !counts.contains(largest), largest > measured, largest < min(failing, counts.max() ?? 0) else { return }
    candidates.append(KnobSetting(workers: largest))
    posterior.addCandidate(workers: largest)
  }

  /// Twice and half as many workers, and threads, than the best pair: once, and only where that left CPUs idle.
  mutating func addNeighbours(of best: Int) -> Bool {
    guard case .pairs(let allowed) = space, !hasWidened, leavesCPUsIdle(best) else { return false }
    hasWidened = true
    let (n, t) = (candidates[best].counts[0], candidates[best].counts[1])
    let near = [[2 * n, t], [n / 2, t], [n, 2 * t], [n, t / 2]].filter { $0.allSatisfy { $0 > 0 } }
    let new = near.filter { pair in
      Self.allows(allowed, pair) && !candidates.contains { $0.counts == pair }
    }
    for pair in new {
      candidates.append(KnobSetting(pair: pair))
      posterior.addCandidate(workers: pair[0] * pair[1])
    }
    return !new.isEmpty
  }

  private func leavesCPUsIdle(_ candidate: Int) -> Bool {
    let used = runs.filter { $0.candidate == candidate }.compactMap { run in run.cpuSeconds.map { $0 / run.seconds } }
    return used.median().map { $0 < 0.9 * Double(settings.cpus) } ?? false
  }

  static func allows(_ allowed: [Set<Int>?], _ pair: [Int]) -> Bool {
    zip(allowed, pair).allSatisfy { $0?.contains($1) ?? true }
  }
}
