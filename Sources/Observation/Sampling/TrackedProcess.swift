import System

/// A process of the tree and its threads.
final class TrackedProcess {
  let id: Int32
  private let budget: DescriptorBudget
  private let file: RepeatedFile
  private(set) var stat: ProcessStat
  private(set) var threads: [TrackedThread] = []
  /// Whether its program is a Python interpreter; looked up where it has several threads, which may share one lock.
  private(set) var isPython = false
  /// What it had used when it was first seen, and the children that it had reaped; 0 for one that began later.
  private let baseSeconds: Double
  private let baseChildSeconds: Double
  private let baseKernelSeconds: Double
  private let baseTransfers: Transfers?
  /// What it and the children that it has reaped have moved since it was first seen; nil before it was asked, and where that
  /// is not ours to know.
  private(set) var transfers: Transfers?

  /// - Parameter isNew: whether it began while we watched, so that all that it has used counts.
  init?(_ id: Int32, isNew: Bool, budget: DescriptorBudget) {
    let file = RepeatedFile("/proc/\(id)/stat", budget: budget)
    guard let stat = file.read({ ProcessStat($0) }) else { return nil }
    self.id = id
    self.budget = budget
    self.file = file
    self.stat = stat
    threads = [TrackedThread(id, of: id, budget: budget)]
    baseSeconds = isNew ? 0 : Self.seconds(stat.ticks)
    baseKernelSeconds = isNew ? 0 : Self.seconds(stat.kernelTicks)
    baseChildSeconds = isNew ? 0 : Self.seconds(stat.childTicks)
    baseTransfers = isNew ? Transfers() : ProcessTransfers(of: id).map(Transfers.init)
  }

  /// Asks what it has moved.
  func updateTransfers() {
    guard let base = baseTransfers, let now = ProcessTransfers(of: id).map(Transfers.init) else { return }
    transfers = now - base
  }

  private var isSingle: Bool { stat.threads <= 1 && threads.count == 1 }

  /// Looks again at all of its threads. Returns false where it has gone.
  ///
  /// - Parameter mayHaveForked: whether any task has begun on this machine since.
  func update(_ places: WaitPlaces, mayHaveForked: Bool) -> Bool {
    let before = threads.first?.figures
    var hasLost = false
    threads.removeAll { thread in
      let isThere = thread.update(places)
      if !isThere { hasLost = true }
      return !isThere
    }
    // A process with one thread that has not run has changed in nothing.
    if isSingle, let before, threads[0].figures == before, !hasLost { return true }
    guard let now = file.read({ ProcessStat($0) }) else { return false }
    stat = now
    if now.threads != threads.count || mayHaveForked && now.threads > 1 || hasLost { listThreads(places) }
    return !threads.isEmpty || now.state == UInt8(ascii: "Z")
  }

  private func listThreads(_ places: WaitPlaces) {
    var ids: [Int32] = []
    Descriptor(opening: "/proc/\(id)/task", .folder)?.addNumbers(to: &ids)
    if !isPython { isPython = Self.isPython(KernelFile.link("/proc/\(id)/exe") ?? stat.name) }
    let known = Set(threads.map(\.id))
    for id in ids where !known.contains(id) {
      let thread = TrackedThread(id, of: self.id, budget: budget)
      if thread.update(places) { threads.append(thread) }
    }
  }

  /// CPU time of its own since it was first seen, in seconds: by the scheduler's clock for one thread, else by ticks, in which
  /// threads that have ended count too.
  var ownSeconds: Double {
    let precise = threads.reduce(0) { $0 + Double($1.figures.runNanoseconds) } / 1e9
    return max(0, max(precise, Self.seconds(stat.ticks)) - baseSeconds)
  }

  /// CPU time since it was first seen, with that of the children that it has reaped.
  var totalSeconds: Double { ownSeconds + max(0, Self.seconds(stat.childTicks) - baseChildSeconds) }

  /// What of it went by in the kernel.
  var kernelSeconds: Double { Self.seconds(stat.kernelTicks) - baseKernelSeconds }

  /// `/usr/bin/python3.11`, `pypy3`
  static func isPython(_ program: String) -> Bool {
    let name = program.split(separator: "/").last ?? ""
    return name.hasPrefix("python") || name.hasPrefix("pypy")
  }

  private static let ticksPerSecond = Double(SystemConstant.ticksPerSecond)
  private static func seconds(_ ticks: Int) -> Double { Double(ticks) / ticksPerSecond }
}
