/// What can hold a process tree back, as documents name it.
public enum CauseCode: String, Codable, Sendable, Hashable, CaseIterable {
  case healthy, cpus, quota, steal, runQueue, singleThread, serialPart, interpreterLock, lock, memoryBandwidth
  case memoryPressure, disk, network, oversubscription, affinity, sleep
}
