public import AdvisorCore
private import System

/// Where the calling thread may run.
public enum Affinity {
  /// The affinity mask of the calling thread.
  ///
  /// - Throws: `AdvisorError` where the kernel refuses, as under a seccomp filter.
  public static func current() throws(AdvisorError) -> CPUSet {
    var words = [UInt64](repeating: 0, count: CPUSet.highestCPU / 64 + 1)
    let filled = OwnThread.getAffinity(&words)
    guard filled >= 0 else { throw refusal("sched_getaffinity", -filled) }
    var cpus = CPUSet()
    for (index, word) in words.prefix((filled + 7) / 8).enumerated() where word != 0 {
      for bit in 0..<64 where word >> bit & 1 == 1 { cpus.insert(index * 64 + bit) }
    }
    return cpus
  }

  /// Why this process may not choose its CPUs, as under a seccomp filter; nil where it may.
  ///
  /// Asked once, with the mask that the thread has anyway.
  public static let refusal: AdvisorError? = {
    do throws(AdvisorError) {
      let cpus = try current()
      let result = setMask(cpus)
      return result == 0 ? nil : refusal("sched_setaffinity to CPUs \(cpus)", -result)
    } catch {
      return error
    }
  }()

  /// Confines the calling thread, and the threads and processes that it starts from now on, to some CPUs.
  ///
  /// A pin makes work faster and is never needed: where the kernel refuses it, the thread goes on unpinned.
  /// - Returns: whether it is confined.
  @discardableResult
  public static func pinCurrentThread(to cpus: CPUSet) -> Bool { setMask(cpus) == 0 }

  /// Runs `body` with the calling thread confined to some CPUs, which it then leaves again; nil confines it to none.
  ///
  /// - Throws: what `body` throws; a pin that is refused is left out.
  public static func confined<Value: ~Copyable>(
    to cpus: CPUSet?, _ body: () throws(AdvisorError) -> Value
  ) throws(AdvisorError) -> Value {
    guard let cpus, let before = try? current(), pinCurrentThread(to: cpus) else { return try body() }
    defer { pinCurrentThread(to: before) }
    return try body()
  }

  private static func setMask(_ cpus: CPUSet) -> Int {
    var words = [UInt64](repeating: 0, count: (cpus.last ?? 0) / 64 + 1)
    for cpu in cpus { words[cpu / 64] |= 1 << (cpu % 64) }
    return OwnThread.setAffinity(words)
  }

  private static func refusal(_ call: String, _ code: Int) -> AdvisorError {
    AdvisorError(
      .unavailable, "\(call): \(Errno(Int32(code)).text)",
      advice: "check taskset, cpusets and seccomp filters; `advisor probe` shows what is allowed")
  }
}
