public import AdvisorCore
import Documents
public import FoundationEssentials

extension QueueingNetwork {
  /// Reads a network from JSON: `stations` with `name`, `servers` (1 by default, `"delay"` where nobody waits) and what a request
  /// needs there, as `demand` for all classes or `demands` by class, or as `visits` and `serviceTime`; and `classes` with `name` and
  /// either `arrivalRate` or `users` and `thinkTime`. Times and rates as on the command line.
  ///
  /// - Throws: `badData` naming the file for what is not such a network.
  public init(json: Data, file: String) throws(AdvisorError) {
    try self.init(JSONDocument.decode(WrittenNetwork.self, from: json, of: file), file: file)
  }

  /// Reads a network from JSON or, where it is none, from a table.
  ///
  /// - Throws: `badData` naming the file for what is not such a network.
  public init(_ bytes: Data, file: String) throws(AdvisorError) {
    let first = bytes.first { $0 != UInt8(ascii: " ") && !(9...13).contains($0) }
    if first == nil || first == UInt8(ascii: "{") {
      try self.init(json: bytes, file: file)
    } else {
      try self.init(DataTable([UInt8](bytes), file: file))
    }
  }

  init(_ written: WrittenNetwork, file: String) throws(AdvisorError) {
    do throws(AdvisorError) {
      let names = written.classes.map(\.name)
      var stations: [Station] = []
      for station in written.stations { stations.append(try station.station(names)) }
      var classes: [Class] = []
      for one in written.classes { classes.append(Class(name: one.name, source: try one.source)) }
      try self.init(stations: stations, classes: classes)
    } catch {
      throw AdvisorError(error.code, "\(file): \(error.problem)", advice: error.advice)
    }
  }
}

/// A network as a file has it.
struct WrittenNetwork: Decodable {
  var stations: [WrittenStation]
  var classes: [WrittenClass]
}

struct WrittenStation: Decodable {
  var name: String
  var servers: Typed?
  var demand: Typed?
  var demands: [String: Typed]?
  var visits: ByClass?
  var serviceTime: ByClass?

  fileprivate func station(_ classes: [String]) throws(AdvisorError) -> QueueingNetwork.Station {
    var demands: [Double] = []
    for name in classes { demands.append(try demand(of: name)) }
    let known = Set(classes)
    for name in self.demands?.keys.sorted() ?? [] where !known.contains(name) {
      throw QueueingNetwork.fault(
        "the station \(self.name.excerpt) has a demand of \(name.excerpt), which is no class",
        "name one of: \(classes.joined(separator: ", "))")
    }
    return QueueingNetwork.Station(name: name, servers: try count, demands: demands)
  }

  private var count: Int? {
    get throws(AdvisorError) {
      switch servers {
      case nil: return 1
      case .text("delay"): return nil
      case .number(let number) where number >= 1 && number <= 10_000 && number == number.rounded(): return Int(number)
      default:
        throw QueueingNetwork.fault(
          "the station \(name.excerpt) has no such number of servers", "write 1 to 10000, or \"delay\"")
      }
    }
  }

  private func demand(of name: String) throws(AdvisorError) -> Double {
    if let demand { return try demand.seconds(self.name) }
    if let demands { return try demands[name]?.seconds(self.name) ?? 0 }
    guard let serviceTime = serviceTime?.value(of: name) else { return 0 }
    let visits = try (self.visits?.value(of: name)).map { typed throws(AdvisorError) in try typed.count(self.name) }
    return try (visits ?? 1) * serviceTime.seconds(self.name)
  }
}

struct WrittenClass: Decodable {
  var name: String
  var arrivalRate: Typed?
  var users: Int?
  var thinkTime: Typed?

  fileprivate var source: QueueingNetwork.Source {
    get throws(AdvisorError) {
      switch (arrivalRate, users) {
      case (let rate?, nil): return .open(arrivalRate: try rate.rate(name))
      case (nil, let users?):
        let think = try thinkTime.map { typed throws(AdvisorError) in try typed.seconds(name) }
        return .closed(users: users, thinkSeconds: think ?? 0)
      default:
        throw QueueingNetwork.fault(
          "the class \(name.excerpt) is neither open nor closed", "give it either arrivalRate or users, with thinkTime")
      }
    }
  }
}

/// One value for all classes, or one for each.
enum ByClass: Decodable {
  case all(Typed)
  case each([String: Typed])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let values = try? container.decode([String: Typed].self) {
      self = .each(values)
    } else {
      self = .all(try container.decode(Typed.self))
    }
  }

  func value(of name: String) -> Typed? {
    switch self {
    case .all(let value): value
    case .each(let values): values[name]
    }
  }
}

/// A number, or a text with its unit.
enum Typed: Decodable {
  case number(Double)
  case text(String)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  func seconds(_ place: String) throws(AdvisorError) -> Double {
    try value(place, Quantity.timeForms) { Quantity.seconds($0) ?? Quantity.count($0) }
  }

  func rate(_ place: String) throws(AdvisorError) -> Double {
    try value(place, Quantity.rateForms) { Quantity.rate($0) }
  }

  func count(_ place: String) throws(AdvisorError) -> Double {
    try value(place, "write a plain number of visits") { Quantity.count($0) }
  }

  private func value(
    _ place: String, _ forms: String, _ read: (String) -> Double?
  ) throws(AdvisorError) -> Double {
    switch self {
    case .number(let number): return number
    case .text(let text):
      guard let value = read(text) else {
        throw QueueingNetwork.fault("'\(text.excerpt)' of \(place.excerpt) is not understood", forms)
      }
      return value
    }
  }
}
