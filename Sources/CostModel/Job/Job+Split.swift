import AdvisorCore

extension Job {
  /// The same work in a multiple of the tasks, each with its share of the size and of the memory; nil for commands, of
  /// which only their writer knows how to cut them.
  func split(into pieces: Int) -> Job? {
    guard pieces >= 1, !stages.contains(where: { $0.kind == .command }) else { return nil }
    let parts = stages.map { $0.split(into: pieces) }
    return Job(text: parts.map(\.description).joined(separator: "+"), stages: parts)
  }
}

extension Stage {
  fileprivate func split(into pieces: Int) -> Stage {
    var part = self
    part.count = count * pieces
    part.size = size.divided(by: Double(pieces))
    part.memoryBytes = memoryBytes.map { ($0 / Double(pieces)).rounded(.up) }
    part.inputBytes = inputBytes.map { ($0 / Double(pieces)).rounded(.up) }
    part.outputBytes = outputBytes.map { ($0 / Double(pieces)).rounded(.up) }
    return part
  }
}

extension Stage.Size {
  fileprivate func divided(by pieces: Double) -> Stage.Size {
    switch self {
    case .units(let units): .units((units / pieces).rounded(.up))
    case .seconds(let seconds): .seconds(seconds / pieces)
    case .bytes(let bytes): .bytes((bytes / pieces).rounded(.up))
    }
  }
}
