import AdvisorCore
private import FoundationEssentials

/// JSON of monitoring systems as a table: Prometheus' range queries, CloudWatch's statistics, arrays or lines of objects.
extension DataTable {
  /// Nil for a text that only begins as JSON does.
  ///
  /// - Throws: `badData` for JSON that holds no table.
  init?(json text: [UInt8], file: String) throws(AdvisorError) {
    let lines = TableText.lines(text).filter { !TableDialect.isBlank($0) }
    let decode = { (bytes: ArraySlice<UInt8>) in try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) }
    guard let document = decode(text[...]) ?? Self.array(lines.map(decode)) else { return nil }
    guard let objects = Self.objects(document), !objects.isEmpty else {
      throw AdvisorError(
        .badData, "\(file) is JSON without a list of measurements",
        advice: "give an array of objects, or the answer of a Prometheus range query or of CloudWatch")
    }
    let flat = objects.map { $0.flat }
    let names = Array(Set(flat.flatMap(\.keys))).sorted()
    let rows = flat.enumerated().map { index, object in
      Row(line: lines.count == flat.count ? index + 1 : 1, cells: names.map { object[$0] ?? "" })
    }
    self.init(names, rows, file: file)
  }

  private static func array(_ values: [JSONValue?]) -> JSONValue? {
    let known = values.compactMap(\.self)
    return known.count == values.count ? .array(known) : nil
  }

  /// The objects of the longest list of some that a document holds: others tell about it.
  private static func objects(_ value: JSONValue) -> [[String: JSONValue]]? {
    switch value {
    case .array(let elements):
      let objects = elements.compactMap(\.object)
      guard objects.count == elements.count, !objects.isEmpty else { return nil }
      let series = objects.compactMap(series)
      return series.count == objects.count ? series.flatMap(\.self) : objects
    case .object(let members):
      return members.sorted { $0.key > $1.key }.compactMap { Self.objects($0.value) }.max { $0.count < $1.count }
    default: return nil
    }
  }

  /// The points of one series: Prometheus' `values`, or CloudWatch's `Timestamps` and `Values`.
  private static func series(_ object: [String: JSONValue]) -> [[String: JSONValue]]? {
    if let metric = object["metric"]?.object, let points = object["values"]?.array ?? object["value"].map({ [$0] }) {
      return points.compactMap(\.array).filter { $0.count == 2 }.map {
        metric.merging(["time": $0[0], "value": $0[1]]) { $1 }
      }
    }
    if let times = object["Timestamps"]?.array, let values = object["Values"]?.array {
      let name = object["Label"] ?? object["Id"] ?? .null
      return zip(times, values).map { ["time": $0, "value": $1, "series": name] }
    }
    return nil
  }
}

/// Any value of JSON.
private enum JSONValue: Decodable {
  case null
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let number = try? value.decode(Double.self) {
      self = .text(number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)")
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let flag = try? value.decode(Bool.self) {
      self = .text("\(flag)")
    } else if let elements = try? value.decode([JSONValue].self) {
      self = .array(elements)
    } else {
      self = .object(try value.decode([String: JSONValue].self))
    }
  }

  var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
}

extension [String: JSONValue] {
  /// Texts by name, members of members as `data.time`.
  fileprivate var flat: [String: Substring] {
    reduce(into: [:]) { flat, member in
      switch member.value {
      case .text(let text): flat[member.key] = text.trimmingASCIISpace
      case .object(let members):
        for (name, text) in members.flat { flat["\(member.key).\(name)"] = text }
      case .null, .array: break
      }
    }
  }
}
