extension Machine {
  /// Names the machine and what may be used of it: sixteen hexadecimal digits that stay the same from run to run.
  ///
  /// Whatever changes what work costs here changes it: model, kernel, topology, usable CPUs, quota, memory limit.
  public var fingerprint: String {
    var parts = [architecture ?? "", model ?? "", kernel ?? "", "\(cpus.online)", "\(cpus.usable)"]
    parts += ["\(counts.packages ?? 0)", "\(counts.cores ?? 0)", "\(counts.numaNodes)"]
    parts += [limits.cpuQuota.map { "\($0)" } ?? "", limits.memoryBytes.map { "\($0)" } ?? ""]
    return FNV1a.digits(FNV1a.hash(bytes: parts.joined(separator: "\n").utf8))
  }
}
