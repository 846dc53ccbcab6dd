public import AdvisorCore

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
  /// As the list writes it, or the code of a currency; empty where it names none.
  public let currency: String

  /// Reads the columns `machine`, `price_per_hour` and, for machines to try, `cpus` and `memory`. The currency stands in the name
  /// of the price's column, beside each price, or in a column of its own.
  ///
  /// - Throws: `badData`, naming the line, for what is not such a file.
  public init(csv bytes: [UInt8], file: String) throws(AdvisorError) {
    var csv = try CSV(bytes, file: file)
    let columns = try Columns(csv)
    var entries: [Entry] = []
    var currencies = Set([columns.currency].compactMap(\.self))
    while let row = try csv.nextRow() {
      let price = try Self.price(csv, row, columns.price)
      let named = columns.currencyColumn.map { String(row[$0]).uppercased() } ?? price.currency
      if !named.isEmpty { currencies.insert(named) }
      guard currencies.count <= 1 else {
        throw AdvisorError(
          .badData,
          "\(file), line \(csv.line): prices in \(currencies.sorted().joined(separator: " and ")) cannot be compared",
          advice: "write all prices in one currency")
      }
      entries.append(
        Entry(
          machine: String(row[columns.machine]), cpus: try Self.count(csv, row, columns.cpus),
          memoryBytes: try Self.memory(csv, row, columns.memory), pricePerHour: price.amount))
    }
    self.entries = entries
    currency = currencies.first ?? ""
  }

  public func price(of machine: String) -> Double? { entries.first { $0.machine == machine }?.pricePerHour }
}

extension PriceList {
  private struct Columns {
    let machine: Int
    let price: Int
    let cpus: Int?
    let memory: Int?
    let currencyColumn: Int?
    /// In the name of the price's column.
    let currency: String?

    init(_ csv: CSV) throws(AdvisorError) {
      let place = { (names: [String]) in names.compactMap { csv.header.firstIndex(of: $0) }.first }
      machine = try csv.column("machine", "profile", "name", "instance", "instance_type", "type")
      let isPrice = { (name: String) in name.contains("price") || name.contains("cost") || name.contains("hour") }
      if let named = csv.header.firstIndex(where: isPrice) {
        price = named
      } else {
        price = try csv.column("price_per_hour")
      }
      cpus = place(["cpus", "cpu", "vcpus", "vcpu", "cores"])
      memory = place(["memory", "ram", "mem", "memory_gib", "memory_gb", "ram_gib", "ram_gb"])
      currencyColumn = place(["currency"])
      currency = PriceList.currency(in: csv.header[price])
    }
  }

  private static let symbols: [Character: String] = ["$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"]
  /// Codes of ISO 4217 that price lists of machines are written in.
  private static let codes: Set<String> = [
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "CNY", "INR", "SEK", "NOK", "DKK", "PLN", "CZK", "BRL",
    "KRW",
    "SGD", "ZAR",
  ]

  /// The currency that a text names by a symbol or by a code that stands alone.
  private static func currency(in text: String) -> String? {
    if let symbol = text.first(where: { symbols[$0] != nil }) { return symbols[symbol] }
    return text.uppercased().split { !$0.isLetter }.map(String.init).first(where: codes.contains)
  }

  /// `0.085`, `$0.085`, `0.085 USD`.
  private static func price(
    _ csv: CSV, _ row: [Substring], _ column: Int
  ) throws(AdvisorError) -> (amount: Double, currency: String) {
    let text = String(row[column])
    let currency = currency(in: text) ?? ""
    let digits = text.filter { $0.isNumber || ".-+eE".contains($0) }
    let bare = currency.isEmpty ? text : digits.filter { !$0.isLetter }
    guard let amount = Double(bare), amount.isFinite else {
      throw AdvisorError(
        .badData,
        "\(csv.file), line \(csv.line): '\(text.excerpt)' in column '\(csv.header[column].excerpt)' is not a price",
        advice: "write 0.085, $0.085 or 0.085 USD")
    }
    guard amount >= 0 else {
      throw AdvisorError(
        .badData, "\(csv.file), line \(csv.line): the price \(text.excerpt) is below zero", advice: "correct it")
    }
    return (amount, currency)
  }

  private static func count(_ csv: CSV, _ row: [Substring], _ column: Int?) throws(AdvisorError) -> Int? {
    guard let column, !row[column].isEmpty else { return nil }
    let number = try csv.number(row, column)
    guard number >= 1, number <= 65_536, number == number.rounded() else {
      throw AdvisorError(
        .badData, "\(csv.file), line \(csv.line): '\(row[column].excerpt)' is not a number of CPUs",
        advice: "give 1 to 65536")
    }
    return Int(number)
  }

  /// A bare number counts gibibytes: no machine is sold with so few bytes.
  private static func memory(_ csv: CSV, _ row: [Substring], _ column: Int?) throws(AdvisorError) -> Double? {
    guard let column, !row[column].isEmpty else { return nil }
    let text = row[column].filter { $0 != " " }
    let bytes = Double(text).map { $0 * 0x1p30 } ?? Quantity.bytes(text)
    guard let bytes, bytes >= 1, bytes <= 0x1p60 else {
      throw AdvisorError(
        .badData, "\(csv.file), line \(csv.line): '\(row[column].excerpt)' is not an amount of memory",
        advice: "write 16GiB, or 16 for as many GiB")
    }
    return bytes
  }
}
