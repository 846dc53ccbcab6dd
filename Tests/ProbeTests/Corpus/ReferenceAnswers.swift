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
    var memory_kib: Claim<Int>
  }

  struct Distances: Decodable { var matrix: [[Int]] }

  struct Cache: Decodable {
    var level: Int
    var type: String
    var size_bytes: Int?
    var instances: Int?
  }

  var logical_cpus_online: Claim<String>
  var logical_cpus_offline: Claim<String>
  var packages: Claim<Int>
  var cores: Claim<Int>
  var threads_per_core: Claim<Int>
  var clusters: Claim<Int>
  var books: Claim<Int>
  var drawers: Claim<Int>
  var numa_node_ids: Claim<[Int]>
  var numa_nodes: [Node]
  var numa_distances: Claim<Distances>
  var memory_total_kib: Claim<Int>
  var caches: Claim<[Cache]>
  var allowed_cpus: Claim<String>
  var model_name: Claim<String>

  /// Each field as a text; nil where no tool has an answer or they disagree.
  var fields: [Field: String] {
    var fields: [Field: String?] = [
      .online: logical_cpus_online.value, .offline: logical_cpus_offline.value, .allowed: allowed_cpus.value,
      .packages: packages.value?.description, .cores: cores.value?.description,
      .threadsPerCore: threads_per_core.value?.description, .clusters: clusters.value?.description,
      .books: books.value?.description, .drawers: drawers.value?.description, .model: model_name.value,
      .nodes: numa_node_ids.value?.description, .distances: numa_distances.value?.matrix.description,
      .memory: memory_total_kib.value?.description,
      .caches: caches.value.map { caches in
        Field.text(caches.map { ($0.level, $0.type, $0.size_bytes, $0.instances) })
      },
    ]
    for node in numa_nodes {
      fields[.nodeCPUs(node.id)] = node.cpulist.value
      fields[.nodeMemory(node.id)] = node.memory_kib.value?.description
    }
    return fields.compactMapValues(\.self)
  }

  /// The fields on which the tools contradict one another.
  var disputed: Set<Field> {
    var disputed: Set<Field> = Set(
      numa_nodes.filter(\.cpulist.isDisputed).map { .nodeCPUs($0.id) })
    if packages.isDisputed { disputed.insert(.packages) }
    if cores.isDisputed { disputed.insert(.cores) }
    if threads_per_core.isDisputed { disputed.insert(.threadsPerCore) }
    if numa_node_ids.isDisputed { disputed.insert(.nodes) }
    if caches.isDisputed { disputed.insert(.caches) }
    if model_name.isDisputed { disputed.insert(.model) }
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
