public import AdvisorCore

/// A machine, or a network, that is not there: what of a profile and a job to imagine otherwise.
public struct WhatIf: Sendable, Hashable {
  public var cpus: Int?
  public var numaNodes: Int?
  /// CPUs' worth of time in every period.
  public var quota: Double?
  public var memoryBytes: Double?
  /// Of each remote call.
  public var latencySeconds: Double?

  public init(
    cpus: Int? = nil, numaNodes: Int? = nil, quota: Double? = nil, memoryBytes: Double? = nil,
    latencySeconds: Double? = nil
  ) {
    self.cpus = cpus
    self.numaNodes = numaNodes
    self.quota = quota
    self.memoryBytes = memoryBytes
    self.latencySeconds = latencySeconds
  }

  /// Reads `cpus=64,numa=2,quota=1.5,memory=8GiB,latency=5ms`, in any order and none of them required.
  ///
  /// - Throws: `.usage` for an unknown key, or a value that no machine has.
  public init(_ text: String) throws(AdvisorError) {
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, set(String(pair[0]), to: pair[1]) else {
        throw AdvisorError(
          .usage, "\(part.quoted) is not something that a machine can have",
          advice: "write --what-if cpus=64,numa=2,quota=1.5,memory=8GiB,latency=5ms (at least one CPU and one node)")
      }
    }
  }

  private mutating func set(_ key: String, to value: Substring) -> Bool {
    switch key {
    case "cpus", "numa":
      guard let count = Int(value), (1...CPUSet.highestCPU + 1).contains(count) else { return false }
      if key == "cpus" { cpus = count } else { numaNodes = count }
    case "quota":
      guard let count = Quantity.count(value), count > 0 else { return false }
      quota = count
    case "memory":
      guard let bytes = Quantity.bytes(value), bytes >= 1 else { return false }
      memoryBytes = bytes
    case "latency":
      guard let seconds = Quantity.seconds(value) else { return false }
      latencySeconds = seconds
    default: return false
    }
    return true
  }

  /// The job with that latency on its stages that have one.
  public func applied(to job: Job) -> Job {
    guard let latencySeconds else { return job }
    var job = job
    for index in job.stages.indices where job.stages[index].kind == .io || job.stages[index].latencySeconds != nil {
      job.stages[index].latencySeconds = latencySeconds
    }
    job.text = job.stages.map(\.description).joined(separator: "+")
    return job
  }
}

extension WhatIf: CustomStringConvertible {
  /// As it is written on the command line.
  public var description: String {
    [
      cpus.map { "cpus=\($0)" }, numaNodes.map { "numa=\($0)" }, quota.map { "quota=\($0)" },
      memoryBytes.map { "memory=\(Stage.Size.bytes($0))" }, latencySeconds.map { "latency=\(Stage.Size.seconds($0))" },
    ].compactMap(\.self).joined(separator: ",")
  }
}
