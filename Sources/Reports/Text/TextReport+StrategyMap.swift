import AdvisorCore
public import Console
public import CostModel

extension TextReport {
  /// The machine's strategy map: task counts to the right, task sizes downwards, a letter and a worker count a cell.
  public static func strategyMap(_ map: StrategyMap) -> String {
    """
    The best strategy for \(map.kind.rawValue) jobs on this machine, by the number of tasks

    \(indent(strategyMapTable(map).text))

    \(wrap(strategyMapLegend(map), lead: "  "))
    """
  }

  static func strategyMapTable(_ map: StrategyMap) -> Table {
    let bytes = [.mem, .disk, .io].contains(map.kind)
    let columns = [Table.Column("size of a task", .right)] + map.counts.map { Table.Column(count($0), .right) }
    let rows = zip(map.sizes, map.cells).map { size, cells in
      [bytes ? Quantity.text(bytes: size) : Quantity.text(seconds: size)] + cells.map(mark)
    }
    return Table(columns, rows: rows)
  }

  static func strategyMapLegend(_ map: StrategyMap) -> String {
    let used = Set(map.cells.joined().map(\.strategy))
    let legend = Strategy.allCases.filter(used.contains).map { "\(letter($0)) \(StrategyText().word($0))" }
    return legend.joined(separator: ", ") + "; the number is that of the workers"
  }

  private static func mark(_ cell: StrategyMap.Cell) -> String {
    cell.strategy == .sequential ? letter(.sequential) : "\(letter(cell.strategy))\(cell.workers)"
  }

  /// A dot where nothing is to be gained, so that the rest stands out.
  private static func letter(_ strategy: Strategy) -> String {
    switch strategy {
    case .sequential: "·"
    case .threads: "T"
    case .tasks: "K"
    case .processes: "P"
    case .async: "A"
    case .pipeline: "L"
    }
  }

  /// Short enough for a column: `10k`, `1M`.
  private static func count(_ value: Int) -> String {
    switch value {
    case 1_000_000...: "\(value / 1_000_000)M"
    case 1000...: "\(value / 1000)k"
    default: "\(value)"
    }
  }
}
