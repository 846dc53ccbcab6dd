import AdvisorCore
import Calibration
import CostModel

/// Profiles as `--profile` reads them, and advice from whatever is let through.
enum Profiles {
  private static let jobs = ["cpu:8x1e6", "mem:4x1MiB", "disk:8x4KiB", "wait:9x5ms", "io:9x1KiB+cpu:9x1ms"]
    .compactMap { try? Job($0) }

  static func feed(_ input: [UInt8]) {
    MemoryFile.hold(input)
    guard let found = try? ProfileStore.load(MemoryFile.path), let model = try? CostModel(profile: found.profile) else {
      return
    }
    for job in jobs {
      guard let advice = try? model.recommend(job) else { continue }
      let seconds = advice.recommended.predicted.seconds
      precondition(seconds.p5 <= seconds.p50 && seconds.p50 <= seconds.p95, "the percentiles are in disorder")
    }
  }
}
