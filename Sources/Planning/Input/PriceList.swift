public import AdvisorCore
public import Documents

/// What machines cost an hour, by name, in one currency.
public struct PriceList: Sendable {
  public struct Entry: Hashable, Sendable {
    public var machine: String
    /// Nil where the list has no such column, or no number there.
    public var cpus: Int?
    /// Nil where the list has no such column, or nothing there.
    public var memoryBytes: Double?
    public var pricePerHour: Double
  }

  public let entries: [Entry]
  /// A code of ISO 4217, or as the list writes it; empty where it names none.
  public let currency: String

  /// Reads the columns `machine`, `price_per_hour` and, for machines to try, `cpus` and `memory`. The currency stands in the name of
  /// the price's column, beside the prices, or in a column of its own.
  ///
  /// - Throws: `badData`, naming the cells, for what is not such a list.
  public init(_ table: DataTable) throws(AdvisorError) {
    guard let machine = table.column(named: ["machine", "profile", "name", "instance type", "instance", "type"]) else {
      throw Self.missing("machine", table)
    }
    guard let price = Self.priceColumn(table) else { throw Self.missing("price_per_hour", table) }
    var faults = TableFaults(table)
    let prices = table.numbers(price, faults: &faults)
    for (row, value) in zip(table.rows, prices.values) where value.map({ $0 < 0 }) ?? false {
      faults.add(row, price, "is below zero")
    }
    let counts = Self.counts(table, &faults)
    let memory = table.column(named: ["memory", "ram", "mem", "memory gib", "memory gb", "ram gib", "ram gb"])
      .map { table.numbers($0, faults: &faults) }
    currency = Self.currency(table, price, prices.unit, &faults)
    try faults.check(forms: table.numberForms)
    entries = table.rows.indices.compactMap { row in
      prices.values[row].map { price in
        // A bare number counts gibibytes: no machine is sold with so few bytes.
        let bytes = memory.flatMap { memory in memory.values[row].map { memory.unit == nil ? $0 * 0x1p30 : $0 } }
        return Entry(
          machine: String(table.rows[row].cells[machine]), cpus: counts?[row].map { Int($0) }, memoryBytes: bytes,
          pricePerHour: price)
      }
    }
  }

  /// - Parameter file: the path that the user typed.
  public init(csv bytes: [UInt8], file: String) throws(AdvisorError) { try self.init(DataTable(bytes, file: file)) }

  public func price(of machine: String) -> Double? { entries.first { $0.machine == machine }?.pricePerHour }

  private static func priceColumn(_ table: DataTable) -> Int? {
    table.column(named: ["price per hour", "price", "hourly", "cost per hour", "on demand"])
      ?? table.columns.firstIndex { name in
        ["price", "cost", "hour"].contains { name.lowercased().split { !$0.isLetter }.contains($0[...]) }
      }
  }

  private static func counts(_ table: DataTable, _ faults: inout TableFaults) -> [Double?]? {
    guard let cpus = table.column(named: ["cpus", "vcpus", "vcpu", "cores"]) else { return nil }
    let counts = table.numbers(cpus, faults: &faults).values
    for (row, value) in zip(table.rows, counts) where value.map({ !isCount($0) }) ?? false {
      faults.add(row, cpus, isNot: "a number of CPUs from 1 to 65536")
    }
    return counts
  }

  private static func isCount(_ number: Double) -> Bool { (1...65_536).contains(number) && number == number.rounded() }

  private static func missing(_ name: String, _ table: DataTable) -> AdvisorError {
    AdvisorError(
      .badData, "\(table.file) has no column “\(name)”; it has \(table.names(table.columns.indices))",
      advice: "name the columns machine, price_per_hour and, for machines to try, cpus and memory in the first line")
  }
}

extension PriceList {
  private static let symbols: [Character: String] = ["$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"]
  /// Codes that price lists of machines are written in.
  private static let codes: Set<String> = [
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "CNY", "INR", "SEK", "NOK", "DKK", "PLN", "CZK", "BRL",
    "KRW",
    "SGD", "ZAR",
  ]

  private static func currency(
    _ table: DataTable, _ price: Int, _ unit: QuantityUnit?, _ faults: inout TableFaults
  ) -> String {
    if let column = table.column(named: ["currency"]) {
      let first = table.rows.first.map { String($0.cells[column]) } ?? ""
      for row in table.rows where row.cells[column] != first[...] {
        faults.add(row, column, "is another currency than that of the rows before it")
      }
      return code(first) ?? first
    }
    return code(table.columns[price]) ?? unit.flatMap { code($0.name) } ?? ""
  }

  /// The currency that a text names by a symbol, or by a code that stands alone.
  private static func code(_ text: String) -> String? {
    if let symbol = text.first(where: { symbols[$0] != nil }) { return symbols[symbol] }
    return text.uppercased().split { !$0.isLetter }.map(String.init).first(where: codes.contains)
  }
}
