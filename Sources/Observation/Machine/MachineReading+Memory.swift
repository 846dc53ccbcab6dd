import AdvisorCore
import Probe

/// Memory, and what soon runs out.
extension MachineReading {
  var memoryFindings: [MachineFinding] {
    [lowFinding, swapFinding, hugePageFinding, nodeFinding, channelFinding].compactMap(\.self)
  }

  var limitFindings: [MachineFinding] {
    [openFileFinding, processFinding, diskFinding, fileFinding].compactMap(\.self)
  }

  /// The share of a limit below which what is left will soon be gone.
  static let minLeft = 0.1

  private var lowFinding: MachineFinding? {
    guard let memory = setup.memory, memory.limitBytes > 0,
      Double(memory.availableBytes) < Self.minLeft * Double(memory.limitBytes)
    else { return nil }
    return MachineFinding(
      .memoryLow(availableBytes: memory.availableBytes, limitBytes: memory.limitBytes), nil)
  }

  /// Pages that come back were wanted; what is only written out may never be. What it costs, pressure tells.
  private var swapFinding: MachineFinding? {
    guard let start = before.swapped, let end = after.swapped, end.inBytes > start.inBytes else { return nil }
    let cause = MachineCause.swapping(
      inBytesPerSecond: Double(end.inBytes - start.inBytes) / seconds,
      outBytesPerSecond: Double(max(0, end.outBytes - start.outBytes)) / seconds)
    let key = MachineCounters.PressureKey(resource: .memory, scope: .machine)
    guard let first = before.pressures[key], let last = after.pressures[key] else { return MachineFinding(cause, nil) }
    return MachineFinding(cause, .atMost((last.some - first.some) / seconds, .measured))
  }

  /// With `madvise` programs get huge pages where they ask for them, as those do that gain by it.
  private var hugePageFinding: MachineFinding? {
    guard let mode = setup.hugePages, mode == "never" else { return nil }
    return MachineFinding(.hugePagesOff(mode: mode), .atMost(DocumentedLoss.withoutHugePages, .documented))
  }

  /// CPUs whose own node has no memory use another's, and all share its channels.
  private var nodeFinding: MachineFinding? {
    let nodes = machine.numa.filter { !$0.cpus.isEmpty }
    let empty = nodes.filter { $0.memoryBytes == 0 }
    guard !empty.isEmpty, empty.count < nodes.count else { return nil }
    return MachineFinding(
      .nodesWithoutMemory(nodes: empty.map(\.id), count: nodes.count),
      .atMost(Double(empty.count) / Double(nodes.count), .computed))
  }

  /// Of what lives on memory bandwidth; the rest of the channels carry it.
  private var channelFinding: MachineFinding? {
    guard let channels = setup.channels, channels.filled < channels.channels else { return nil }
    return MachineFinding(
      .memoryChannels(filled: channels.filled, channels: channels.channels, file: channels.file),
      .atMost(1 - Double(channels.filled) / Double(channels.channels), .computed))
  }

  /// What Linux gives a process at first (INR_OPEN_CUR in include/uapi/linux/fs.h), and programs count on.
  static let usualOpenFiles = 1024

  private var openFileFinding: MachineFinding? {
    guard let limit = machine.limits.openFiles, limit < Self.usualOpenFiles else { return nil }
    return MachineFinding(.openFiles(limit: limit, hardLimit: surroundings.openFilesHardLimit), nil)
  }

  private var processFinding: MachineFinding? {
    guard let limit = machine.limits.pids, let used = machine.limits.pidsInUse, limit > 0,
      Double(limit - used) < Self.minLeft * Double(limit)
    else { return nil }
    return MachineFinding(
      .processLimit(used: used, limit: limit, file: machine.limits.sources["pids"] ?? "/sys/fs/cgroup"), nil)
  }

  private var diskFinding: MachineFinding? {
    guard let space = surroundings.temporaryFolder, space.totalBytes > 0,
      Double(space.freeBytes) < Self.minLeft * Double(space.totalBytes)
    else { return nil }
    return MachineFinding(
      .diskFull(folder: space.folder, freeBytes: space.freeBytes, totalBytes: space.totalBytes), nil)
  }

  private var fileFinding: MachineFinding? {
    guard let space = surroundings.temporaryFolder, let free = space.freeFiles, let total = space.totalFiles, total > 0,
      Double(free) < Self.minLeft * Double(total)
    else { return nil }
    return MachineFinding(.filesFull(folder: space.folder, freeFiles: free, totalFiles: total), nil)
  }
}
