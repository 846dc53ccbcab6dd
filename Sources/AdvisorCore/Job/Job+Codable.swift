extension Job: Codable {
  private enum CodingKeys: String, CodingKey { case text, stages }

  /// Reads a job string, or an object with `stages`; by hand for these two forms, which a job file may hold.
  public init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self = try decoder.reading { () throws(JobStringError) in try Job(text) }
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let stages = try container.decode([Stage].self, forKey: .stages)
    guard !stages.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .stages, in: container, debugDescription: "a job needs at least one stage")
    }
    self.init(text: stages.map(\.description).joined(separator: "+"), stages: stages)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(text, forKey: .text)
    try container.encode(stages, forKey: .stages)
  }
}

extension Stage {
  /// By hand: the keys and the notation are those of a job string.
  private enum CodingKeys: String, CodingKey {
    case kind, count, size, cv, memory, latency, input, output, kernel
  }

  /// Reads the keys of a job string as an object; quantities are numbers or the same texts (`"64KiB"`).
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let kind = try container.decode(Kind.self, forKey: .kind)
    var text = "\(kind.rawValue):"
    text += "\(try container.quantity(.count) ?? "1")x\(try container.quantity(.size) ?? "")"
    for key in [CodingKeys.cv, .memory, .latency, .input, .output, .kernel] {
      if let value = try container.quantity(key) { text += ",\(key.rawValue)=\(value)" }
    }
    self = try decoder.reading { () throws(JobStringError) in try JobStringParser.stage(text) }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(count, forKey: .count)
    try container.encode(size.description, forKey: .size)
    if spread > 0 { try container.encode(spread, forKey: .cv) }
    try container.encodeIfPresent(memoryBytes.map { Size.bytes($0).description }, forKey: .memory)
    try container.encodeIfPresent(latencySeconds.map { Size.seconds($0).description }, forKey: .latency)
    try container.encodeIfPresent(inputBytes.map { Size.bytes($0).description }, forKey: .input)
    try container.encodeIfPresent(outputBytes.map { Size.bytes($0).description }, forKey: .output)
    if kind == .cpu { try container.encode(kernel, forKey: .kernel) }
  }
}

extension Decoder {
  /// A job string that cannot be read is a fault of the document, at the place where it stands.
  fileprivate func reading<Value>(_ read: () throws(JobStringError) -> Value) throws(DecodingError) -> Value {
    do {
      return try read()
    } catch {
      throw .dataCorrupted(
        DecodingError.Context(codingPath: codingPath, debugDescription: error.problem, underlyingError: error))
    }
  }
}

extension KeyedDecodingContainer {
  /// The value as job-string text, whether it was written as text or as a number.
  fileprivate func quantity(_ key: Key) throws -> String? {
    guard contains(key) else { return nil }
    if let text = try? decode(String.self, forKey: key) { return text }
    if let whole = try? decode(Int.self, forKey: key) { return "\(whole)" }
    return "\(try decode(Double.self, forKey: key))"
  }
}

extension Stage.Size: CustomStringConvertible {
  /// In job-string notation and exactly: `1e6`, `0.3s`, `65536B`.
  public var description: String {
    switch self {
    case .units(let units): Self.exact(units)
    case .seconds(let seconds): "\(Self.exact(seconds))s"
    case .bytes(let bytes): "\(Self.exact(bytes))B"
    }
  }

  private static func exact(_ value: Double) -> String {
    // A plus sign would start another stage.
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)".filter { $0 != "+" }
  }
}

extension Stage: CustomStringConvertible {
  /// The stage in job-string notation.
  public var description: String {
    var text = "\(kind.rawValue):\(count)x\(size)"
    if spread > 0 { text += ",cv=\(spread)" }
    if let memoryBytes { text += ",memory=\(Size.bytes(memoryBytes))" }
    if let latencySeconds { text += ",latency=\(Size.seconds(latencySeconds))" }
    if let inputBytes { text += ",input=\(Size.bytes(inputBytes))" }
    if let outputBytes { text += ",output=\(Size.bytes(outputBytes))" }
    if kind == .cpu, kernel != .word { text += ",kernel=\(kernel.rawValue)" }
    return text
  }
}
