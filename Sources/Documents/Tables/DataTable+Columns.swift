package import AdvisorCore

/// The figures of a column.
package struct NumberColumn {
  /// One a row; nil for a gap.
  package let values: [Double?]
  /// Nil for plain numbers.
  package let unit: QuantityUnit?
}

extension DataTable {
  package static let numberForms =
    "write numbers such as 1250.5, 1,250.5, 1.250,5 or 1.2e3, with a unit (3.5 GiB, 85 %, 20 ms, 12 req/s) or none; a cell "
    + "that is empty or says NaN, null or - is a gap"

  /// For a table of numbers alone.
  package var numberForms: [Int: String] {
    Dictionary(uniqueKeysWithValues: columns.indices.map { ($0, Self.numberForms) })
  }

  /// Reads a column as numbers; what is none goes to the faults.
  ///
  /// - Parameter rows: which rows count, by their place; nil for all.
  package func numbers(_ column: Int, rows chosen: [Int]? = nil, faults: inout TableFaults) -> NumberColumn {
    let chosen = chosen ?? Array(rows.indices)
    let notation = NumberText(chosen.lazy.map { rows[$0].cells[column] }, fallback: mark)
    var (values, units): ([Double?], [QuantityUnit?]) = ([], [])
    for index in chosen {
      let cell = rows[index].cells[column]
      if Cell.isGap(cell) {
        values.append(nil)
      } else if let reading = notation.read(cell) {
        let factor = units.first.map { UnitText.factor(from: reading.unit, to: $0) } ?? 1
        values.append(reading.value * (factor ?? 1))
        // 0 is 0 among MiB too.
        let isBare = reading.unit == nil && reading.value == 0
        if !isBare, factor == nil || units.isEmpty, !units.contains(reading.unit) { units.append(reading.unit) }
      } else {
        values.append(nil)
        faults.add(rows[index], column, isNot: "a number")
      }
    }
    if units.count > 1, let odd = chosen.first(where: { notation.read(rows[$0].cells[column])?.unit == units[1] }) {
      faults.add(rows[odd], column, "is in another unit than the rows before it")
    }
    let own = units.compactMap(\.self).first
    let named = own == nil ? UnitText.unit(ofColumn: columns[column]) : nil
    return NumberColumn(
      values: values.map { value in value.map { $0 * (named?.factor ?? 1) } }, unit: own ?? named?.unit)
  }

  /// Whether most of a column's cells are numbers, and all but few.
  package func hasNumbers(_ column: Int) -> Bool {
    let cells = rows.prefix(200).map { $0.cells[column] }.filter { !Cell.isGap($0) }
    let notation = NumberText(cells, fallback: mark)
    return !cells.isEmpty && cells.count { notation.read($0) != nil } * 2 > cells.count
  }

  /// The place of a column by its name, whatever its case, or by its number from 1.
  package func place(of name: String) -> Int? {
    let plain = name.lowercased()
    return columns.firstIndex { $0 == name } ?? columns.firstIndex { $0.lowercased() == plain }
      ?? Int(name).flatMap { columns.indices.contains($0 - 1) ? $0 - 1 : nil }
  }

  /// The first column that has one of these names, in their order; whatever is in brackets aside, and where none has it whole,
  /// as a member of JSON: `values.n` is an `n`.
  package func column(named names: [String]) -> Int? {
    let plain = columns.map(Self.plain)
    let members = plain.map { name in name.split(separator: ".").last.map(String.init) ?? name }
    return [plain, members].lazy.compactMap { known in names.lazy.compactMap { known.firstIndex(of: $0) }.first }.first
  }

  /// A name as it is compared: `Time (s)`, `time_s`, `Number of clients` → `time`, `time s`, `number of clients`.
  package static func plain(_ name: String) -> String {
    let bare = name.lowercased().prefix { $0 != "(" && $0 != "[" && $0 != "{" }
    return bare.split { $0 == "_" || $0 == " " || $0 == "-" || $0 == "\"" || $0 == "#" || $0 == "@" }.joined(
      separator: " ")
  }
}
