public import AdvisorCore
public import Documents

/// What machines cost, by name.
public struct PriceList: Sendable {
  public struct Entry: Hashable, Sendable {
    public var machine: String
    /// Nil where the list has no such column, or no number there.
    public var cpus: Int?
    public var pricePerHour: Double
  }

  public let entries: [Entry]

  /// Reads the columns `machine`, `price_per_hour` and, for machines to try, `cpus`.
  ///
  /// - Throws: `badData`, naming the cells, for what is not such a list.
  public init(_ table: DataTable) throws(AdvisorError) {
    guard let machine = table.column(named: ["machine", "profile", "name", "instance type", "instance", "type"]) else {
      throw Self.missing("machine", table)
    }
    guard let price = table.column(named: ["price per hour", "price", "hourly", "cost per hour", "on demand"]) else {
      throw Self.missing("price_per_hour", table)
    }
    var faults = TableFaults(table)
    let prices = table.numbers(price, faults: &faults).values
    let cpus = table.column(named: ["cpus", "vcpus", "vcpu", "cores"])
    let counts = cpus.map { table.numbers($0, faults: &faults).values }
    for (row, value) in zip(table.rows, prices) where value.map({ $0 < 0 }) ?? false {
      faults.add(row, price, "is below zero")
    }
    if let cpus, let counts {
      for (row, value) in zip(table.rows, counts) where value.map({ !Self.isCount($0) }) ?? false {
        faults.add(row, cpus, isNot: "a number of CPUs from 1 to 65536")
      }
    }
    try faults.check(forms: table.numberForms)
    entries = table.rows.indices.compactMap { row in
      prices[row].map {
        Entry(machine: String(table.rows[row].cells[machine]), cpus: counts?[row].map { Int($0) }, pricePerHour: $0)
      }
    }
  }

  /// - Parameter file: the path that the user typed.
  public init(csv bytes: [UInt8], file: String) throws(AdvisorError) { try self.init(DataTable(bytes, file: file)) }

  public func price(of machine: String) -> Double? { entries.first { $0.machine == machine }?.pricePerHour }

  private static func isCount(_ number: Double) -> Bool { (1...65_536).contains(number) && number == number.rounded() }

  private static func missing(_ name: String, _ table: DataTable) -> AdvisorError {
    AdvisorError(
      .badData, "\(table.file) has no column “\(name)”; it has \(table.names(table.columns.indices))",
      advice: "name the columns machine, price_per_hour and, for machines to try, cpus in the first line")
  }
}
