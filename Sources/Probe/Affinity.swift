public import AdvisorCore
private import CLinux
private import Glibc

/// Where the calling thread may run.
public enum Affinity {
  /// The affinity mask of the calling thread.
  ///
  /// - Throws: `AdvisorError` where the kernel refuses, as under a seccomp filter.
  public static func current() throws(AdvisorError) -> CPUSet {
    var words = [UInt64](repeating: 0, count: CPUSet.highestCPU / 64 + 1)
    let filled = clinux_get_affinity(&words, words.count * 8)
    guard filled >= 0 else { throw refusal("sched_getaffinity", -filled) }
    var cpus = CPUSet()
    for (index, word) in words.prefix((Int(filled) + 7) / 8).enumerated() where word != 0 {
      for bit in 0..<64 where word >> bit & 1 == 1 { cpus.insert(index * 64 + bit) }
    }
    return cpus
  }

  /// Confines the calling thread, and the threads and processes that it starts from now on, to some CPUs.
  ///
  /// - Throws: `AdvisorError` where none of them is allowed.
  public static func pinCurrentThread(to cpus: CPUSet) throws(AdvisorError) {
    var words = [UInt64](repeating: 0, count: (cpus.last ?? 0) / 64 + 1)
    for cpu in cpus { words[cpu / 64] |= 1 << (cpu % 64) }
    let result = clinux_set_affinity(words, words.count * 8)
    guard result == 0 else { throw refusal("sched_setaffinity to CPUs \(cpus)", -result) }
  }

  /// Runs `body` with the calling thread confined to some CPUs, which it then leaves again; nil confines it to none.
  ///
  /// - Throws: what `body` throws, or `AdvisorError` where none of the CPUs is allowed.
  public static func confined<Value: ~Copyable>(
    to cpus: CPUSet?, _ body: () throws(AdvisorError) -> Value
  ) throws(AdvisorError) -> Value {
    guard let cpus else { return try body() }
    let before = try current()
    try pinCurrentThread(to: cpus)
    defer { try? pinCurrentThread(to: before) }
    return try body()
  }

  private static func refusal(_ call: String, _ code: Int) -> AdvisorError {
    AdvisorError(
      .unavailable, "\(call): \(String(cString: strerror(Int32(code))))",
      advice: "check taskset, cpusets and seccomp filters; `advisor probe` shows what is allowed")
  }
}
