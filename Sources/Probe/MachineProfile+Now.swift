public import AdvisorCore
import System

extension MachineProfile {
  /// The profile with what else wants the CPUs now, for a prediction of a run that is about to begin here.
  public func besidePresentLoad() -> MachineProfile {
    var profile = self
    profile.presentLoad = .reading()
    return profile
  }

  /// The same with how much memory has not rested, where the job streams through some or reads into it.
  public func now(for job: Job) -> MachineProfile {
    var profile = besidePresentLoad()
    let touches = job.stages.contains { $0.kind == .mem || $0.kind == .disk }
    if touches { profile.warmMemoryBytes = warmMemoryBytesNow }
    return profile
  }

  /// Bytes up to and including the first piece that comes slowly, which is warm once touched; nil if rest makes no difference.
  ///
  /// Where 256 MiB have not rested, what lies beyond is taken not to have either: who left so much has likely left more.
  /// It takes 16 ms where all has rested, and 12 where none has.
  private var warmMemoryBytesNow: Double? {
    let piece = 8 << 20
    let most = min(256 << 20, (machine.usable.memoryBytes ?? .max) / 8) / piece * piece
    guard let rested = Self.single(variableCosts.restedTouch), let warm = Self.single(variableCosts.firstTouch),
      rested < warm / 2, most > 0, let memory = MappedMemory(bytes: most, hugePages: .wanted)
    else { return nil }
    let slow = Double(piece) / (rested * warm).squareRoot()
    for offset in stride(from: 0, to: most, by: piece) {
      // Waiting for a CPU beside other programs is no slowness of memory; what the host does for a page counts as CPU time.
      let start = CPUClock.threadSeconds
      memory.touch(piece, at: offset)
      if CPUClock.threadSeconds - start > slow { return Double(offset + piece) }
    }
    return Double(machine.usable.memoryBytes ?? most)
  }

  private static func single(_ points: [BandwidthPoint]?) -> Double? {
    points?.first { $0.threads == 1 && $0.bytesPerSecond.value > 0 }?.bytesPerSecond.value
  }
}
