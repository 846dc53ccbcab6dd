import AdvisorCore
import Observation

/// What binds a process tree, what would change it, and what could not be told.
extension Sentences {
  func text(_ cause: Cause) -> String {
    let share = percent(cause.share)
    switch cause {
    case .quota(_, let cpus, _, let periods, let source):
      return
        "Bound by a CPU quota of \(count(cpus, "CPU")): throttled \(share) of the time, in \(percent(periods)) of its "
        + "periods (\(source))."
    case .steal: return "The hypervisor gives the CPUs to other guests: \(share) of the time."
    case .runQueue(_, let others):
      let used = others.map { "; others use \(count($0, "CPU"))" } ?? ""
      return "The CPUs are busy with other processes: its threads queue for a CPU \(share) of the time\(used)."
    case .singleThread(_, let process, let thread, let idle): return singleThread(share, process, thread, idle)
    case .serialPart(_, let width):
      return "One thread works alone \(share) of the time; in the rest \(Quantity.significant(width)) do."
    case .interpreterLock(_, let process, let threads, let used):
      return "Bound by Python's lock (GIL): \(count(threads, "thread")) of \(process.quoted) take turns on "
        + "\(count(used, "CPU")), and wait \(share) of their time."
    case .lock(_, let waiting, let used):
      return "Bound by a lock: \(count(waiting, "thread")) on average wait for one while "
        + "\(count(used, "CPU is", "CPUs are")) in use (\(share) of the time)."
    case .memoryBandwidth(_, let bytes, let most, let pace): return memoryBandwidth(share, bytes, most, pace)
    case .memoryPressure(_, let faults, let limit, _, let stalled):
      return memoryPressure(share, faults, limit, stalled)
    case .disk(_, let bytes, let stalled):
      let moved = bytes.map { ", and moves \(Quantity.text(bytes: $0))/s" } ?? ""
      return "Bound by the disk: it waits for it \(share) of the time\(moved)\(pressure("I/O", stalled))."
    case .network: return "It waits for the network or its peers \(share) of the time."
    case .oversubscription(_, let runnable, let cpus):
      return
        "Too many threads: \(Quantity.significant(runnable)) want to run on \(count(cpus, "CPU")), and queue \(share) "
        + "of the time."
    case .affinity(_, let allowed, let runnable):
      return
        "Its threads may run on CPU \(allowed.excerpt) only (affinity or cpuset), and \(Quantity.significant(runnable)) "
        + "want to: they queue \(share) of the time."
    case .sleep: return "It sleeps \(share) of the time, for times that it sets itself."
    }
  }

  private func singleThread(_ share: String, _ process: String, _ thread: Int32?, _ idle: Double) -> String {
    let rest = idle >= 0.5 ? ", while \(count(idle, "CPU")) \(idle < 1.005 ? "stays" : "stay") idle" : ""
    guard let thread else { return "One thread at a time works, \(share) of the time\(rest)." }
    return "Bound by one thread: \(thread) of \(process.quoted) works \(share) of the time\(rest)."
  }

  private func memoryBandwidth(_ share: String, _ bytes: Double, _ most: Double, _ pace: Double?) -> String {
    let speed = "\(Quantity.text(bytes: bytes))/s"
    let (counted, rest) =
      pace.map { ("", ", at \(Quantity.significant($0)) instructions a cycle") } ?? (" at least", "")
    return "Bound by memory bandwidth: it goes over memory at \(speed)\(counted), of "
      + "\(Quantity.text(bytes: most))/s that this machine gives\(rest) (\(share) of the time)."
  }

  /// What the kernel says besides.
  private func pressure(_ name: String, _ stalled: Double?) -> String {
    stalled.map { $0 >= 0.01 ? "; \(name) pressure \(percent($0))" : "" } ?? ""
  }

  private func memoryPressure(_ share: String, _ faults: Double, _ limit: Int?, _ stalled: Double?) -> String {
    let bound = limit.map { "the cgroup's limit of \(Quantity.text(bytes: Double($0)))" } ?? "the machine's memory"
    return
      "Short of memory: at \(bound) \(Quantity.text(count: faults)) pages/s are read again, which takes \(share) of the time"
      + pressure("memory", stalled) + "."
  }

  /// The answer in one sentence.
  func answer(_ observation: Observation) -> String {
    if let cause = observation.causes.first { return text(cause) }
    if observation.profile.stoppedSeconds > 0.5 * observation.profile.seconds {
      return "It is stopped, by a signal or a debugger: kill -CONT lets it go on."
    }
    if observation.profile.samples < 3 {
      return "Too short to tell what holds it back: it was seen for \(time(observation.profile.seconds))."
    }
    let budget = observation.budget.first
    let share = percent(budget?.share ?? 0)
    switch budget?.code {
    case .unknown: return "What it waits for, \(share) of the time, is not to be seen; nothing else holds it back."
    case .idle:
      return "Nothing holds it back: it waits for work, or for a moment of its own choice, \(share) of the time."
    default:
      let used = Quantity.significant(observation.profile.cpus)
      return
        "Nothing holds it back: it uses \(used) of \(count(observation.setting.cpus, "CPU")), and waits for nothing that "
        + "could be changed."
    }
  }

  func text(_ change: Change) -> String {
    let gain = change.speedup.map { ": \(times($0.value)) as fast (\(times($0.low))–\(times($0.high)))" }
    let basis =
      switch change.basis {
      case .profile where change.speedup != nil: ", by this machine's measured speedup"
      case .topology where change.speedup != nil: ", as CPUs may share cores; `advisor calibrate` tells"
      default: ""
      }
    let effect = gain.map { "\($0)\(basis)" } ?? "; how much it gains, only a trial tells"
    return "\(opening(change))\(effect)."
  }

  private func opening(_ change: Change) -> String {
    let to = change.to.map { Quantity.significant($0) } ?? "more"
    let from = change.from.map { " instead of \(Quantity.significant($0))" } ?? ""
    return switch change.code {
    case .threads: "\(to) threads\(from)"
    case .processes: "\(to) processes instead of threads"
    case .inFlight: "\(to) requests under way\(from)"
    case .withoutQuota: "Without the quota"
    case .withoutNeighbours: "Without the other processes"
    case .withoutAffinity: "On all \(to) CPUs"
    case .withoutSerialPart: "If \(to) threads did what one does alone"
    case .lockHalved: "With the lock held half as long"
    case .fasterDisk: "With a disk twice as fast"
    case .moreMemory: "With enough memory"
    case .moreCPUs: "\(to) CPUs\(from)"
    case .cacheBlocks:
      "With the work in blocks that fit the caches"
        + (change.to.map { " (\(Quantity.text(bytes: $0)))" } ?? "") + ", or fewer bytes a value"
    }
  }

  func text(_ blindness: Blindness) -> String {
    switch blindness {
    case .waits(let share):
      "Where threads wait (\(percent(share)) of the time) is kept from you: run as the process's user or as root, with "
        + "kernel.yama.ptrace_scope below 3."
    case .counters(let fault): "Whether computing means waiting for memory: \(words(fault))."
    case .bandwidth(let bytes):
      "Whether memory bandwidth binds: it goes over memory at \(Quantity.text(bytes: bytes))/s at least, and no profile "
        + "says what this machine gives: run `advisor calibrate` once."
    case .cgroups: "Quotas and memory limits: no cgroup of the process is to be seen here. Mount /sys/fs/cgroup."
    case .pressure: "Pressure (PSI): this kernel has none; boot with psi=1."
    case .brief(let samples):
      "Too little was seen (\(count(samples, "sample"))) for shares to be exact: look for longer."
    }
  }

  private func words(_ fault: CounterFault) -> String {
    switch fault {
    case .noHardware:
      "the processor shows no counters here, as on most virtual machines; compare a run with half the threads, or look on a "
        + "machine that has them"
    case .forbidden:
      "counters of instructions and cache misses are forbidden; run as root or `sysctl kernel.perf_event_paranoid=2`, and "
        + "in a container allow perf_event_open"
    case .noKernelSupport: "this kernel was built without counters (CONFIG_PERF_EVENTS)"
    case .noRoom:
      "there are more threads than counters for them; observe the command from its start: advisor why -- COMMAND"
    }
  }
}
