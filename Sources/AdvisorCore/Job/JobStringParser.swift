extension Job {
  /// Reads a job string such as `cpu:8x1e6` or `io:4x20MiB+cpu:4x2e6`.
  ///
  /// - Throws: ``JobStringError``, which points at the fault.
  public init(_ text: String) throws(JobStringError) {
    var parser = JobStringParser(text)
    self.init(text: text, stages: try parser.stages())
  }

  /// Reads a job string of the command line.
  ///
  /// - Throws: ``AdvisorError`` (usage) with the string and a caret under the fault.
  package static func parsed(_ text: String) throws(AdvisorError) -> Job {
    do { return try Job(text) } catch { throw error.asAdvisorError }
  }
}

/// A job string that cannot be read: the string, where, why, and one that would be right.
public struct JobStringError: Error, Hashable, Sendable, CustomStringConvertible {
  public var text: String
  /// Characters before the fault.
  public var offset: Int
  public var problem: String
  public var example: String

  /// The string, or what stands around the fault in a long one, with a caret under the fault.
  public var description: String {
    let skipped = text.count > 120 ? max(0, offset - 60) : 0
    let shown = String(text.dropFirst(skipped)).shortened(to: 120).printable
    return """
      \(problem.printable)
        \(skipped > 0 ? "…" : "")\(shown)
        \(String(repeating: " ", count: offset - skipped + (skipped > 0 ? 1 : 0)))^
      """
  }

  public var asAdvisorError: AdvisorError {
    AdvisorError(.usage, "bad job string: \(description)", advice: "write it like this: \(example)")
  }
}

/// Reads a job string by hand, for the caret: `KIND ":" COUNT "x" SIZE *("," KEY "=" VALUE)`, joined by `+`.
struct JobStringParser {
  private let text: String
  private var position: String.Index
  private var example = "cpu:8x1e6"

  init(_ text: String) {
    self.text = text
    self.position = text.startIndex
  }

  static func stage(_ text: String) throws(JobStringError) -> Stage {
    var parser = JobStringParser(text)
    return try parser.stage()
  }

  mutating func stages() throws(JobStringError) -> [Stage] {
    guard !text.isEmpty else { throw fault("the job string is empty") }
    var stages = [try stage()]
    while position < text.endIndex {
      position = text.index(after: position)
      stages.append(try stage())
    }
    try checkFlow(of: stages)
    return stages
  }

  private mutating func stage() throws(JobStringError) -> Stage {
    let kind = try kind()
    example = Self.example(of: kind)
    let count = try count()
    let size = try size(of: kind)
    var stage = Stage(kind: kind, count: count, size: size)
    while position < text.endIndex, text[position] == "," {
      position = text.index(after: position)
      try readKey(into: &stage)
    }
    return stage
  }

  private mutating func kind() throws(JobStringError) -> Stage.Kind {
    let start = position
    let word = take(until: ":+,")
    guard let kind = Stage.Kind(rawValue: word), kind != .command else {
      let kinds = Stage.Kind.allCases.filter { $0 != .command }.map(\.rawValue).joined(separator: ", ")
      let found = word.isEmpty ? "here" : "\(word.quoted)"
      throw fault("a stage starts with its kind (\(kinds)), not \(found)", at: start)
    }
    guard position < text.endIndex, text[position] == ":" else {
      throw fault("“:” and a count are missing after \(word.quoted)")
    }
    position = text.index(after: position)
    return kind
  }

  private mutating func count() throws(JobStringError) -> Int {
    let start = position
    let word = take(until: "x+,")
    guard let value = Quantity.count(word), value >= 1, value == value.rounded(), value <= 1e15 else {
      throw fault("the number of tasks must be a whole number from 1 to 1e15, not \(word.quoted)", at: start)
    }
    guard position < text.endIndex, text[position] == "x" else {
      throw fault("“x” and the size of a task are missing after the count")
    }
    position = text.index(after: position)
    return Int(value)
  }

  private mutating func size(of kind: Stage.Kind) throws(JobStringError) -> Stage.Size {
    let start = position
    let word = take(until: ",+")
    switch kind {
    case .cpu, .command:
      if let units = Quantity.count(word), units > 0 { return .units(units) }
      if let seconds = Quantity.seconds(word), seconds > 0 { return .seconds(seconds) }
      throw fault("\(word.quoted) is neither work units (1e6) nor CPU time (300ms), above zero", at: start)
    case .wait:
      if let seconds = Quantity.seconds(word), seconds > 0 { return .seconds(seconds) }
      throw fault("\(word.quoted) is not a time above zero such as 50ms", at: start)
    case .mem, .disk, .io:
      if let bytes = Quantity.bytes(word), bytes >= 1 { return .bytes(bytes) }
      throw fault("\(word.quoted) is not a number of bytes above zero such as 64KiB", at: start)
    }
  }

  private mutating func readKey(into stage: inout Stage) throws(JobStringError) {
    let start = position
    let key = take(until: "=,+")
    guard ["cv", "memory", "latency", "input", "output", "kernel"].contains(key) else {
      throw fault("unknown key \(key.quoted); the keys are cv, memory, latency, input, output, kernel", at: start)
    }
    guard position < text.endIndex, text[position] == "=" else {
      throw fault("“=” and a value are missing after \(key.quoted)")
    }
    position = text.index(after: position)
    let valueStart = position
    let word = take(until: ",+")
    guard Self.set(key, to: word, in: &stage) else {
      throw fault("\(word.quoted) is not a value of \(key), such as \(Self.sample(of: key))", at: valueStart)
    }
  }

  private static func set(_ key: String, to word: String, in stage: inout Stage) -> Bool {
    switch key {
    case "cv":
      guard let spread = Quantity.count(word), spread <= 100 else { return false }
      stage.spread = spread
    case "latency":
      guard let seconds = Quantity.seconds(word) else { return false }
      stage.latencySeconds = seconds
    case "kernel":
      guard stage.kind == .cpu, let kernel = Kernel(rawValue: word) else { return false }
      stage.kernel = kernel
    default:
      guard let bytes = Quantity.bytes(word) else { return false }
      switch key {
      case "memory": stage.memoryBytes = bytes
      case "input": stage.inputBytes = bytes
      default: stage.outputBytes = bytes
      }
    }
    return true
  }

  /// Every item flows through all stages, so all have the same count.
  private func checkFlow(of stages: [Stage]) throws(JobStringError) {
    guard let first = stages.first, let odd = stages.first(where: { $0.count != first.count }) else { return }
    throw JobStringError(
      text: text, offset: text.count,
      problem: "every item flows through all stages, but \(first.kind.rawValue) has \(first.count) and "
        + "\(odd.kind.rawValue) \(odd.count)",
      example: "io:4x20MiB+cpu:4x2e6")
  }

  private mutating func take(until stops: String) -> String {
    let start = position
    while position < text.endIndex, !stops.contains(text[position]) { position = text.index(after: position) }
    return String(text[start..<position])
  }

  private func fault(_ problem: String, at index: String.Index? = nil) -> JobStringError {
    JobStringError(
      text: text, offset: text.distance(from: text.startIndex, to: index ?? position), problem: problem,
      example: example)
  }

  private static func example(of kind: Stage.Kind) -> String {
    switch kind {
    case .cpu, .command: "cpu:8x1e6"
    case .mem: "mem:16x512MiB"
    case .disk: "disk:64x4MiB"
    case .wait: "wait:200x50ms"
    case .io: "io:100x64KiB,latency=20ms"
    }
  }

  private static func sample(of key: String) -> String {
    switch key {
    case "cv": "0.5"
    case "latency": "20ms"
    case "kernel": "word, sha256, sort or matmul (cpu stages)"
    default: "1.5GiB"
    }
  }
}
