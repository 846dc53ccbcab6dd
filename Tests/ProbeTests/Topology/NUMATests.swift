import AdvisorCore
import Testing

@testable import Probe

@Suite struct NUMATests {
  static let folder = "/sys/devices/system/node"

  static func nodes(_ files: [String: String]) -> (nodes: [Machine.NUMANode], warnings: [Machine.Warning]) {
    var warnings: [Machine.Warning] = []
    let nodes = NUMAReader.nodes(of: [0, 1, 2, 3], in: MemoryTree(texts: files), warnings: &warnings)
    return (nodes, warnings)
  }

  /// Node numbers have a gap; the rows of distances go by position. Node 5 has memory and no CPU.
  @Test("Nodes may be sparse")
  func sparseNodes() {
    let (nodes, warnings) = Self.nodes([
      "\(Self.folder)/online": "0,2,5",
      "\(Self.folder)/node0/cpumap": "3", "\(Self.folder)/node2/cpumap": "c", "\(Self.folder)/node5/cpumap": "0",
      "\(Self.folder)/node0/distance": "10 21 31", "\(Self.folder)/node2/distance": "21 10 28",
      "\(Self.folder)/node5/distance": "31 28 10",
      "\(Self.folder)/node0/meminfo": "Node 0 MemTotal: 8 kB\nNode 0 MemFree: 2 kB\n",
      "\(Self.folder)/node2/meminfo": "Node 2 MemTotal: 0 kB\n",
      "\(Self.folder)/node5/meminfo": "Node 5 MemTotal: 4 kB\n",
    ])
    #expect(nodes.map(\.id) == [0, 2, 5])
    #expect(nodes.map(\.cpus) == [[0, 1], [2, 3], []])
    #expect(nodes.map(\.distances) == [[10, 21, 31], [21, 10, 28], [31, 28, 10]])
    #expect(nodes.map(\.memoryBytes) == [8192, 0, 4096])
    #expect(nodes[0].freeBytes == 2048)
    #expect(warnings.isEmpty)
  }

  @Test("Rows of another length are left out")
  func rowsOfAnotherLengthAreLeftOut() {
    let (nodes, warnings) = Self.nodes([
      "\(Self.folder)/online": "0-1", "\(Self.folder)/node0/cpumap": "3", "\(Self.folder)/node1/cpumap": "c",
      "\(Self.folder)/node0/distance": "10 21 31", "\(Self.folder)/node1/distance": "21 near",
      "\(Self.folder)/node0/meminfo": "Node 0 MemTotal: 1 kB", "\(Self.folder)/node1/meminfo": "Node 1 MemTotal: 1 kB",
    ])
    #expect(nodes.map(\.distances) == [nil, nil])
    #expect(
      warnings == [
        .malformedDistances(file: "\(Self.folder)/node0/distance", count: 3, nodes: 2),
        .malformedDistances(file: "\(Self.folder)/node1/distance", count: 2, nodes: 2),
      ])
  }

  /// Nodes that claim each other's CPUs, and a CPU in none.
  @Test("Overlaps are reported")
  func overlapsAreReported() {
    let (_, warnings) = Self.nodes([
      "\(Self.folder)/online": "0-1", "\(Self.folder)/node0/cpulist": "0-1", "\(Self.folder)/node1/cpulist": "1-2",
    ])
    #expect(warnings.contains(.cpusInSeveralNodes(cpus: [1], folder: Self.folder)))
    #expect(warnings.contains(.cpusInNoNode(cpus: [3], folder: Self.folder)))
  }

  @Test("A machine without NUMA is one node")
  func aMachineWithoutNUMAIsOneNode() {
    let (nodes, warnings) = Self.nodes(["/proc/meminfo": "MemTotal: 16 kB\nMemFree: 4 kB\n"])
    #expect(nodes == [Machine.NUMANode(id: 0, cpus: [0, 1, 2, 3], memoryBytes: 16 << 10, freeBytes: 4 << 10)])
    #expect(warnings == [.noNodes(folder: Self.folder)])
  }

  @Test("Huge pages are counted by size")
  func hugePagesBySize() {
    let pages = "\(Self.folder)/node0/hugepages"
    let (nodes, _) = Self.nodes([
      "\(Self.folder)/node0/cpumap": "f", "\(pages)/hugepages-2048kB/nr_hugepages": "64",
      "\(pages)/hugepages-2048kB/free_hugepages": "60", "\(pages)/hugepages-oddkB/nr_hugepages": "1",
      "\(pages)/hugepages-1048576kB/nr_hugepages": "0", "\(pages)/hugepages-1048576kB/free_hugepages": "0",
    ])
    #expect(
      nodes[0].hugePages == [
        .init(pageBytes: 2 << 20, total: 64, free: 60), .init(pageBytes: 1 << 30, total: 0, free: 0),
      ])
  }
}
