import AdvisorCore
import Workloads

extension StageWork {
  /// Turns a stage of a job into work.
  ///
  /// - Throws: `.usage` where the kind cannot be run, or its size has no such meaning.
  init(_ stage: Stage, in surroundings: Surroundings) throws(AdvisorError) {
    let meanUnits: Double
    switch (stage.kind, stage.size) {
    case (.cpu, .units(let units)):
      load = .kernel(stage.kernel)
      meanUnits = units
    case (.cpu, .seconds(let seconds)):
      load = .kernel(stage.kernel)
      meanUnits = seconds / (try surroundings.secondsPerUnit(of: stage.kernel))
    case (.mem, .bytes(let bytes)):
      load = .stream
      meanUnits = bytes
    case (.disk, .bytes(let bytes)):
      load = .read(path: surroundings.scratchPath ?? "", blockBytes: DiskReads(bytes: bytes).blockBytes)
      meanUnits = bytes
    case (.wait, .seconds(let seconds)):
      load = .wait
      meanUnits = seconds * 1e9
    case (.io, .bytes(let bytes)):
      guard let ioURL = surroundings.ioURL else {
        throw AdvisorError(.usage, "there is no server to download \(stage) from", advice: "name one with --io-url")
      }
      load = .fetch(DownloadAddress(template: ioURL, latencySeconds: stage.latencySeconds ?? 0))
      meanUnits = bytes
    default:
      throw AdvisorError(
        .usage, "\(stage) is not work that can be run",
        advice: "write it like cpu:8x1e6, mem:16x512MiB or wait:200x50ms")
    }
    sizes = TaskUnits(meanUnits: meanUnits, spread: stage.spread)
  }
}
