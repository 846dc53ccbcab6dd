// The encoders that Swift writes leave out a key whose value is nil. Readers of `advisor.machine/1` rely on every key:
// what is unknown is null.

extension Machine {
  enum CodingKeys: String, CodingKey {
    case schema, architecture, model, kernel, isVirtual, cpus, counts, topology, numa, caches, limits, usable, warnings
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schema, forKey: .schema)
    try container.encode(architecture, forKey: .architecture)
    try container.encode(model, forKey: .model)
    try container.encode(kernel, forKey: .kernel)
    try container.encode(isVirtual, forKey: .isVirtual)
    try container.encode(cpus, forKey: .cpus)
    try container.encode(counts, forKey: .counts)
    try container.encode(topology, forKey: .topology)
    try container.encode(numa, forKey: .numa)
    try container.encode(caches, forKey: .caches)
    try container.encode(limits, forKey: .limits)
    try container.encode(usable, forKey: .usable)
    try container.encode(warnings, forKey: .warnings)
  }
}

extension Machine.Counts {
  enum CodingKeys: String, CodingKey {
    case packages, cores, logicalCPUs, threadsPerCore, numaNodes, dies, clusters, books, drawers
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(packages, forKey: .packages)
    try container.encode(cores, forKey: .cores)
    try container.encode(logicalCPUs, forKey: .logicalCPUs)
    try container.encode(threadsPerCore, forKey: .threadsPerCore)
    try container.encode(numaNodes, forKey: .numaNodes)
    try container.encode(dies, forKey: .dies)
    try container.encode(clusters, forKey: .clusters)
    try container.encode(books, forKey: .books)
    try container.encode(drawers, forKey: .drawers)
  }
}

extension Machine.LogicalCPU {
  enum CodingKeys: String, CodingKey {
    case id, core, cluster, die, package, book, drawer, node, siblings, capacity, kind
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(core, forKey: .core)
    try container.encode(cluster, forKey: .cluster)
    try container.encode(die, forKey: .die)
    try container.encode(package, forKey: .package)
    try container.encode(book, forKey: .book)
    try container.encode(drawer, forKey: .drawer)
    try container.encode(node, forKey: .node)
    try container.encode(siblings, forKey: .siblings)
    try container.encode(capacity, forKey: .capacity)
    try container.encode(kind, forKey: .kind)
  }
}

extension Machine.NUMANode {
  enum CodingKeys: String, CodingKey { case id, cpus, memoryBytes, freeBytes, distances, hugePages }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(cpus, forKey: .cpus)
    try container.encode(memoryBytes, forKey: .memoryBytes)
    try container.encode(freeBytes, forKey: .freeBytes)
    try container.encode(distances, forKey: .distances)
    try container.encode(hugePages, forKey: .hugePages)
  }
}

extension Machine.Cache {
  enum CodingKeys: String, CodingKey { case level, type, sizeBytes, instances, sharedBy, sets }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(level, forKey: .level)
    try container.encode(type, forKey: .type)
    try container.encode(sizeBytes, forKey: .sizeBytes)
    try container.encode(instances, forKey: .instances)
    try container.encode(sharedBy, forKey: .sharedBy)
    try container.encode(sets, forKey: .sets)
  }
}

extension Machine.Usable {
  enum CodingKeys: String, CodingKey { case logicalCPUs, effectiveCPUs, memoryBytes, sources }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(logicalCPUs, forKey: .logicalCPUs)
    try container.encode(effectiveCPUs, forKey: .effectiveCPUs)
    try container.encode(memoryBytes, forKey: .memoryBytes)
    try container.encode(sources, forKey: .sources)
  }
}
