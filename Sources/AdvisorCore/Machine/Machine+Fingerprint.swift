extension Machine {
  /// Names the machine and what may be used of it: sixteen hexadecimal digits that stay the same from run to run.
  ///
  /// Whatever changes what work costs here changes it: model, kernel, topology, usable CPUs, quota, memory limit.
  /// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
  public var fingerprint: String {
    var parts = [architecture ?? "", model ?? "", kernel ?? "", "\(cpus.online)", "\(cpus.usable)"]
    parts += ["\(counts.packages ?? 0)", "\(counts.cores ?? 0)", "\(counts.numaNodes)"]
    parts += [limits.cpuQuota.map { "\($0)" } ?? "", limits.memoryBytes.map { "\($0)" } ?? ""]
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in parts.joined(separator: "\n").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
