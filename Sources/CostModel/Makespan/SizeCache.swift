/// Makespans that were worked out before: candidates of several strategies share them.
final class SizeCache {
  private struct Key: Hashable {
    var tasks: Int
    var workers: Int
    var capacity: Double
    var scv: Double
    var simulating: Bool
  }

  private var tables: [Double: SizeTable] = [:]
  private var makespans: [Key: Makespan] = [:]

  /// - Parameter simulating: whether to simulate where no closed form holds; else the form serves as a first guess.
  func makespan(tasks: Int, workers: Int, capacity: Double, scv: Double, simulating: Bool) -> Makespan {
    let key = Key(tasks: tasks, workers: workers, capacity: capacity, scv: scv, simulating: simulating)
    if let known = makespans[key] { return known }
    let sizes = LognormalSizes(scv: scv)
    let table = table(sizes)
    let made =
      simulating
      ? Makespan.dynamic(tasks: tasks, workers: workers, capacity: capacity, sizes: sizes, table: table)
      : Makespan.closedForm(tasks: tasks, workers: workers, capacity: capacity, scv: scv, table: table)
    makespans[key] = made
    return made
  }

  private func table(_ sizes: LognormalSizes) -> SizeTable {
    if let known = tables[sizes.scv] { return known }
    let made = SizeTable(sizes, resolution: 256)
    tables[sizes.scv] = made
    return made
  }
}
