import AdvisorCore
import Statistics
import Workloads

extension Phase {
  /// Random reads per second by the number of threads, from a file of its own past the page cache.
  func measureDisk(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    let depths = depths(context.level)
    // The jobs' own block size always, the customary 4 KiB where there is time.
    let blocks = context.level == .quick ? [1 << 20] : [1 << 20, 4096]
    let file = try ScratchFile(bytes: megabytes(context.level) << 20)
    for (index, block) in blocks.enumerated() {
      let context = context.part(index, of: blocks.count)
      let path = file.path
      let team = try ThreadTeam(depths.max() ?? 1, cpus: nil) { index throws(AdvisorError) in
        try ReadWorkload(path: path, blockBytes: block, seed: UInt64(index + 1))
      }
      var rates: [Int: [Double]] = [:]
      try context.alternate(depths) { depth throws(AdvisorError) in
        // Two reads or more for each.
        let fastest = rates.values.compactMap(\.last).max() ?? .infinity
        let seconds = min(0.2, max(context.level == .quick ? 10e-3 : 25e-3, 2 * Double(depth) / fastest))
        let pace = try team.pace(active: depth, seconds: seconds)
        rates[depth, default: []].append(pace.unitsPerSecondOfAll / Double(block))
      }
      let medians = zip(depths, RobustEstimate.medians(of: depths.map { rates[$0] ?? [] }))
      findings.variableCosts.disk += medians.compactMap { depth, rate in
        rate.map {
          DepthPoint(depth: depth, bytes: block, operationsPerSecond: Estimate($0, .perSecond))
        }
      }
    }
    if try !ReadWorkload(path: file.path).isDirect {
      findings.warnings.append(.pageCache)
    }
  }

  /// Few depths leave time to measure each several times.
  private func depths(_ level: MachineProfile.Level) -> [Int] {
    switch level {
    case .quick: [1, 4, 16]
    case .standard: [1, 2, 4, 16, 64]
    case .thorough: [1, 2, 4, 8, 16, 32, 64]
    }
  }

  /// Of the file that is read; writing it counts.
  private func megabytes(_ level: MachineProfile.Level) -> Int {
    switch level {
    case .quick: 32
    case .standard: 64
    case .thorough: 256
    }
  }
}
