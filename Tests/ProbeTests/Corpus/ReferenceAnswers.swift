import AdvisorCore

/// What hwloc, lscpu and libnuma answer for one recorded machine (`expected.json`).
struct ReferenceAnswers: Decodable {
  struct Claim<Value: Decodable>: Decodable {
    var value: Value?
    var status: String

    var isDisputed: Bool { status == "DISAGREE" }
  }

  struct Node: Decodable {
    var id: Int
    var cpulist: Claim<String>
    var memoryKib: Claim<Int>
  }

  struct Distances: Decodable { var matrix: [[Int]] }

  struct Cache: Decodable {
    var level: Int
    var type: String
    var sizeBytes: Int?
    var instances: Int?
  }

  var logicalCpusOnline: Claim<String>
  var logicalCpusOffline: Claim<String>
  var packages: Claim<Int>
  var cores: Claim<Int>
  var threadsPerCore: Claim<Int>
  var clusters: Claim<Int>
  var books: Claim<Int>
  var drawers: Claim<Int>
  var numaNodeIds: Claim<[Int]>
  var numaNodes: [Node]
  var numaDistances: Claim<Distances>
  var memoryTotalKib: Claim<Int>
  var caches: Claim<[Cache]>
  var allowedCpus: Claim<String>
  var modelName: Claim<String>

  /// Each field as a text; nil where no tool has an answer or they disagree.
  var fields: [Field: String] {
    var fields: [Field: String?] = [
      .online: logicalCpusOnline.value, .offline: logicalCpusOffline.value, .allowed: allowedCpus.value,
      .packages: packages.value?.description, .cores: cores.value?.description,
      .threadsPerCore: threadsPerCore.value?.description, .clusters: clusters.value?.description,
      .books: books.value?.description, .drawers: drawers.value?.description, .model: modelName.value,
      .nodes: numaNodeIds.value?.description, .distances: numaDistances.value?.matrix.description,
      .memory: memoryTotalKib.value?.description,
      .caches: caches.value.map { caches in
        Field.text(caches.map { ($0.level, $0.type, $0.sizeBytes, $0.instances) })
      },
    ]
    for node in numaNodes {
      fields[.nodeCPUs(node.id)] = node.cpulist.value
      fields[.nodeMemory(node.id)] = node.memoryKib.value?.description
    }
    return fields.compactMapValues(\.self)
  }

  /// The fields on which the tools contradict one another.
  var disputed: Set<Field> {
    var disputed: Set<Field> = Set(
      numaNodes.filter(\.cpulist.isDisputed).map { .nodeCPUs($0.id) })
    if packages.isDisputed { disputed.insert(.packages) }
    if cores.isDisputed { disputed.insert(.cores) }
    if threadsPerCore.isDisputed { disputed.insert(.threadsPerCore) }
    if numaNodeIds.isDisputed { disputed.insert(.nodes) }
    if caches.isDisputed { disputed.insert(.caches) }
    if modelName.isDisputed { disputed.insert(.model) }
    return disputed
  }
}

/// Something that both the tools and the probe say of a machine.
enum Field: Hashable {
  case online, offline, allowed, packages, cores, threadsPerCore, clusters, books, drawers, model, nodes, distances
  case memory, caches
  case nodeCPUs(Int)
  case nodeMemory(Int)

  /// `L1 data 32768 ×8, …` in order.
  static func text(_ caches: [(level: Int, type: String, size: Int?, instances: Int?)]) -> String {
    caches.map { cache in
      let instances = cache.instances.map { " ×\($0)" } ?? ""
      return "L\(cache.level) \(cache.type) \(cache.size.map(String.init) ?? "?")\(instances)"
    }.sorted().joined(separator: ", ")
  }

  /// The probe's own answers, in the notation of the reference.
  static func all(of machine: Machine) -> [Field: String] {
    var fields: [Field: String?] = [
      .online: machine.cpus.online.description, .offline: machine.cpus.offline.description,
      .allowed: machine.cpus.usable.description, .packages: machine.counts.packages?.description,
      .cores: machine.counts.cores?.description, .threadsPerCore: machine.counts.threadsPerCore?.description,
      .clusters: machine.counts.clusters?.description, .books: machine.counts.books?.description,
      .drawers: machine.counts.drawers?.description, .model: machine.model,
      .nodes: machine.numa.map(\.id).description,
      .distances: machine.numa.compactMap(\.distances).description,
      .memory: (machine.numa.compactMap(\.memoryBytes).reduce(0, +) >> 10).description,
      .caches: text(machine.caches.map { ($0.level, $0.type.rawValue.lowercased(), $0.sizeBytes, $0.instances) }),
    ]
    for node in machine.numa {
      fields[.nodeCPUs(node.id)] = node.cpus.description
      fields[.nodeMemory(node.id)] = node.memoryBytes.map { ($0 >> 10).description }
    }
    return fields.compactMapValues(\.self)
  }
}
