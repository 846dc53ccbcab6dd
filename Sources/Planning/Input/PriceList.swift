public import AdvisorCore

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
  /// - Throws: `badData`, naming the line, for what is not such a file.
  public init(csv bytes: [UInt8], file: String) throws(AdvisorError) {
    var csv = try CSV(bytes, file: file)
    let machine = try csv.column("machine", "profile", "name")
    let price = try csv.column("price_per_hour", "price")
    let cpus = csv.header.firstIndex(of: "cpus")
    var entries: [Entry] = []
    while let row = try csv.nextRow() {
      let pricePerHour = try csv.number(row, price)
      var count: Int?
      if let cpus, !row[cpus].isEmpty { count = try Self.count(csv, row, cpus) }
      guard pricePerHour >= 0 else {
        throw AdvisorError(
          .badData, "\(file), line \(csv.line): the price \(row[price].excerpt) is below zero", advice: "correct it")
      }
      entries.append(Entry(machine: String(row[machine]), cpus: count, pricePerHour: pricePerHour))
    }
    self.entries = entries
  }

  public func price(of machine: String) -> Double? { entries.first { $0.machine == machine }?.pricePerHour }

  private static func count(_ csv: CSV, _ row: [Substring], _ column: Int) throws(AdvisorError) -> Int {
    let number = try csv.number(row, column)
    guard number >= 1, number <= 65_536, number == number.rounded() else {
      throw AdvisorError(
        .badData, "\(csv.file), line \(csv.line): '\(row[column].excerpt)' is not a number of CPUs",
        advice: "give 1 to 65536")
    }
    return Int(number)
  }
}
