import AdvisorCore

/// Bytes that threads stream through memory in a second (docs/model.md, 2.2).
struct MemoryBandwidth: Sendable {
  /// Bytes a second of one thread.
  let single: Double
  /// Total by threads on one node, ascending by threads.
  private let local: [(threads: Int, total: Double, error: ErrorSource)]
  /// Usable logical CPUs of each node.
  private let nodes: [Int]

  /// - Returns: nil where no local figure makes sense.
  init?(machine: Machine, points: [BandwidthPoint]) {
    let sound = points.filter {
      $0.cpuNode == $0.memoryNode && $0.threads >= 1 && $0.bytesPerSecond.value > 0 && $0.bytesPerSecond.value.isFinite
    }
    // The best node stands for all: they are of one make.
    local = Dictionary(grouping: sound, by: \.threads)
      .compactMap { threads, points in
        points.map(\.bytesPerSecond).max { $0.value < $1.value }.map {
          (threads, $0.value, ErrorSource("memory bandwidth", $0))
        }
      }.sorted { $0.0 < $1.0 }
    guard let first = local.first else { return nil }
    single = first.total / Double(first.threads)
    let usable = machine.numa.map { $0.cpus.intersection(machine.cpus.usable).count }.filter { $0 > 0 }
    nodes = usable.isEmpty ? [max(1, machine.usable.logicalCPUs)] : usable
  }

  /// The error of the figure for the threads that one node has of them.
  func error(threads: Int) -> ErrorSource {
    let each = (threads + nodes.count - 1) / nodes.count
    return (local.first { $0.threads >= each } ?? local.last)?.error ?? .exact
  }

  /// Bytes per second of a number of threads, spread over the nodes as far as they go: Σ min(threads on the node · B1, Bnode).
  func total(threads: Int) -> Double {
    let used = min(nodes.count, max(1, threads))
    return (0..<used).reduce(0) { sum, node in
      let share = threads / used + (node < threads % used ? 1 : 0)
      return sum + onOneNode(min(share, nodes[node]))
    }
  }

  /// The same of as many as run at a time, which beside other programs is no whole number.
  func total(running: Double) -> Double {
    guard running > 1 else { return single * running }
    let whole = Int(running)
    let (low, high) = (total(threads: whole), total(threads: whole + 1))
    return low + (running - Double(whole)) * (high - low)
  }

  /// The least number of threads that reaches 97 % of what all CPUs reach.
  var saturation: Int {
    let cpus = nodes.reduce(0, +)
    let top = total(threads: cpus)
    return (1...max(1, cpus)).first { total(threads: $0) >= 0.97 * top } ?? 1
  }

  private func onOneNode(_ threads: Int) -> Double {
    guard let next = local.firstIndex(where: { $0.threads >= threads }) else { return local.last?.total ?? 0 }
    let high = local[next]
    guard next > 0 else { return high.total * Double(threads) / Double(high.threads) }
    let low = local[next - 1]
    let fraction = Double(threads - low.threads) / Double(high.threads - low.threads)
    return low.total + fraction * (high.total - low.total)
  }
}
