public import AdvisorCore
internal import Documents
internal import System

/// The values that a project's commands were tuned to, each for a kind of machine (`.advisor.json`, `advisor.tuned/1`).
public struct TunedValues: Codable, Sendable, Hashable {
  public static let schema = "advisor.tuned/1"
  public static let fileName = ".advisor.json"

  public var schema = Self.schema
  public var tuned: [Entry] = []

  public struct Entry: Codable, Sendable, Hashable {
    /// As it was typed, with its places.
    public var command: String
    public var machine: MachineClass
    public var values: [String: String]
    /// The day, as 2026-11-29.
    public var date: String

    public init(command: String, machine: MachineClass, values: [String: String], date: String) {
      self.command = command
      self.machine = machine
      self.values = values
      self.date = date
    }
  }

  public init() {}

  /// The file of the project that a folder lies in: there, or in the nearest folder above.
  ///
  /// - Parameter folder: absolute.
  /// - Returns: nil where there is none.
  public static func path(from folder: String) -> String? {
    var folder = folder
    while true {
      let path = folder == "/" ? "/\(fileName)" : "\(folder)/\(fileName)"
      if FileStatus(path: path)?.isFile == true { return path }
      guard folder != "/", let slash = folder.lastIndex(of: "/") else { return nil }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
  }

  /// - Throws: ``AdvisorError`` that names the file.
  public static func read(_ path: String) throws(AdvisorError) -> TunedValues {
    let values: TunedValues
    do throws(AdvisorError) { values = try JSONDocument.read(TunedValues.self, from: path) } catch {
      guard error.code == .badData else { throw error }
      throw AdvisorError(.badData, error.problem, advice: "mend it, or remove it: advisor tune --save makes a new one")
    }
    guard values.schema == schema else {
      throw AdvisorError(
        .badData, "\(path) is \(values.schema.quoted), not \(schema)",
        advice: "tune again with --save, in a file of its own")
    }
    for value in values.tuned.flatMap(\.values.values) where !isPlain(value) {
      throw AdvisorError(
        .badData, "\(path) has the value \(value.quoted), which is no plain word or number",
        advice: "look who has written it; advisor tune --save writes it anew")
    }
    return values
  }

  /// Values go into commands, which may be a shell's: whoever could put the file there must not run more than was typed.
  private static func isPlain(_ value: String) -> Bool {
    !value.isEmpty
      && value.utf8.allSatisfy { byte in
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
          || "._+-".utf8.contains(byte)
      }
  }

  /// Puts an entry in the place of that of the same command and machine.
  public mutating func set(_ entry: Entry) {
    tuned.removeAll { $0.command == entry.command && $0.machine.isAlike(entry.machine) }
    tuned.append(entry)
    tuned.sort { ($0.command, $0.machine.cpus) < ($1.command, $1.machine.cpus) }
  }

  /// The entry of a command on such a machine; nil where there is none.
  public func entry(of command: String, on machine: MachineClass) -> Entry? {
    tuned.first { $0.command == command && $0.machine.isAlike(machine) }
  }

  public func write(to path: String) throws(AdvisorError) { try JSONDocument.write(self, to: path) }
}

/// What a best value may depend on of a machine.
public struct MachineClass: Codable, Sendable, Hashable {
  @Nullable public var architecture: String?
  @Nullable public var model: String?
  public var cpus: Int
  @Nullable public var memoryBytes: Int?

  /// - Parameter cpus: CPUs that a command may use.
  public init(_ machine: Machine, cpus: Int) {
    (architecture, model, self.cpus) = (machine.architecture, machine.model, cpus)
    memoryBytes = machine.usable.memoryBytes
  }

  init(architecture: String?, model: String?, cpus: Int, memoryBytes: Int?) {
    (self.architecture, self.model, self.cpus, self.memoryBytes) = (architecture, model, cpus, memoryBytes)
  }

  /// Whether the same value is likely to be best: the same CPUs, and about as much memory.
  public func isAlike(_ other: MachineClass) -> Bool {
    guard architecture == other.architecture, model == other.model, cpus == other.cpus else { return false }
    guard let one = memoryBytes, let two = other.memoryBytes else { return memoryBytes == other.memoryBytes }
    return Double(max(one, two)) <= 1.25 * Double(max(1, min(one, two)))
  }

  public var text: String {
    "\(count(cpus, "CPU"))\(model.map { " of \($0)" } ?? "")"
      + (memoryBytes.map { ", \(Quantity.text(bytes: Double($0)))" } ?? "")
  }
}
