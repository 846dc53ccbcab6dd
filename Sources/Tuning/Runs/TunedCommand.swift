public import AdvisorCore
internal import System

/// A command with places for the values of its knobs: `pytest -n {n} tests`.
public struct TunedCommand: Sendable, Hashable {
  /// The words in bytes, as Linux has them.
  public let words: [[UInt8]]
  public let knobs: [Knob]

  /// - Parameters:
  ///   - words: the program first.
  ///   - knobs: those that the user named; without any `{n}`, or `{workers}` and `{threads}`, are looked for.
  /// - Throws: ``AdvisorError`` (usage) where a place or a knob is missing, notFound and cannotRun where the program is.
  public init(_ words: [[UInt8]], knobs: [Knob]) throws(AdvisorError) {
    guard let program = words.first, !program.isEmpty else {
      throw AdvisorError(
        .usage, "there is no command to tune", advice: "write one after --, as in: advisor tune -- make -j{n} -B")
    }
    self.words = words
    let found = Knob.counting.filter { Self.has($0, words) }
    self.knobs = knobs.isEmpty ? found.map { Knob(name: $0) } : knobs
    try validate(found)
    if !Self.isOpen(program) { _ = try CommandLookup.find(String(decoding: program, as: UTF8.self)) }
  }

  private func validate(_ found: [String]) throws(AdvisorError) {
    guard let first = knobs.first else {
      throw AdvisorError(
        .usage, "the command has no {n}",
        advice: "write {n} where the number stands, as in: advisor tune -- make -j{n} -B")
    }
    if let missing = knobs.first(where: { !Self.has($0.name, words) }) {
      throw AdvisorError(
        .usage, "the command has no {\(missing.name)}",
        advice: "write {\(missing.name)} where its value stands, or leave --knob \(missing.name)=… out")
    }
    let isUnique = Set(knobs.map(\.name)).count == knobs.count
    let unnamed = found.first { name in !knobs.contains { $0.name == name } }
    if knobs.count > 2 || !isUnique || unnamed != nil {
      throw AdvisorError(
        .usage, unnamed.map { "{\($0)} has no --knob" } ?? "there are more than two knobs, or two of one name",
        advice: "tune one or two at a time, as in --knob \(unnamed ?? first.name)=1..16, and set the others")
    }
  }

  /// The arguments with the values put in.
  func arguments(_ values: [String]) -> [[UInt8]] {
    Self.arguments(words, Dictionary(zip(knobs.map(\.name), values)) { first, _ in first })
  }

  /// Words with the values of knobs put in, each by its name.
  public static func arguments(_ words: [[UInt8]], _ values: [String: String]) -> [[UInt8]] {
    words.map { word in values.reduce(word) { replacing("{\($1.key)}", by: $1.value, in: $0) } }
  }

  /// A line for a shell with the values put in.
  func line(_ line: String, _ values: [String]) -> [UInt8] {
    zip(knobs, values).reduce(Array(line.utf8)) { Self.replacing("{\($1.0.name)}", by: $1.1, in: $0) }
  }

  private static func has(_ name: String, _ words: [[UInt8]]) -> Bool {
    words.contains { replacing("{\(name)}", by: "", in: $0) != $0 }
  }

  private static func isOpen(_ word: [UInt8]) -> Bool { word.contains(UInt8(ascii: "{")) }

  /// Replaces in bytes: a word of Linux need not be text.
  static func replacing(_ place: String, by value: String, in word: [UInt8]) -> [UInt8] {
    let place = Array(place.utf8)
    var (result, rest) = ([UInt8](), word[...])
    while let first = rest.first {
      if rest.starts(with: place) {
        result += Array(value.utf8)
        rest = rest.dropFirst(place.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}

extension TunedCommand {
  /// The program whose number of workers its only knob is; nil where that is not known.
  var knownProgram: KnownProgram? { knobs.count == 1 ? KnownProgram(words, knob: knobs[0].name) : nil }

  /// The search over its knobs.
  ///
  /// - Parameters:
  ///   - start: the values that the gain is measured against; nil is the number of CPUs, or the first of a list.
  ///   - cores: physical ones; nil where they are not known.
  /// - Throws: ``AdvisorError`` (usage) where two lists have more combinations than may run, or the start is none of the values.
  public func tuner(start: [String]?, cores: Int? = nil, _ settings: Tuner.Settings) throws(AdvisorError) -> Tuner {
    let counts = knobs.map { $0.counts(cpus: settings.cpus) }
    if counts.count == 1, let only = counts[0] {
      let number = start.flatMap { $0.first }.flatMap { Int($0) }
      let usual = knownProgram?.usual.workers(cpus: settings.cpus, cores: cores ?? settings.cpus)
      let any = WorkerGrid.counts(cpus: settings.cpus, start: number) + (usual.map { [$0] } ?? [])
      return Tuner(
        workers: only.isEmpty ? any : only.sorted() + (number.map { [$0] } ?? []), start: number, settings: settings)
    }
    if counts.count == 2, let first = counts[0], let second = counts[1] {
      let pair = start.map { $0.compactMap { Int($0) } }.flatMap { $0.count == 2 ? $0 : nil }
      return Tuner(pairsAllowed: [first, second].map { $0.isEmpty ? nil : $0 }, start: pair, settings: settings)
    }
    let lists = try knobs.map { knob throws(AdvisorError) in try knob.list(cpus: settings.cpus) }
    let settingsOfKnobs = lists.dropFirst().reduce(lists[0].map { [$0] }) { all, list in
      all.flatMap { one in list.map { one + [$0] } }
    }
    guard settingsOfKnobs.count <= settings.maxRuns else {
      throw AdvisorError(
        .usage,
        "\(count(settingsOfKnobs.count, "value is", "values are")) more than the \(count(settings.maxRuns, "run")) allowed",
        advice: "name fewer values, or allow more with --max-runs \(2 * settingsOfKnobs.count)")
    }
    guard let first = start.map({ settingsOfKnobs.firstIndex(of: $0) }) ?? 0 else {
      throw AdvisorError(
        .usage, "\(start?.joined(separator: " × ") ?? "") is none of the values", advice: "start from one of them")
    }
    return Tuner(unrelated: settingsOfKnobs.map { KnobSetting(values: $0) }, start: first, settings: settings)
  }
}

extension Knob {
  fileprivate func list(cpus: Int) throws(AdvisorError) -> [String] {
    switch values {
    case .list(let values): values
    case .range(let range): WorkerGrid.counts(cpus: cpus, in: range).map(String.init)
    case .any:
      throw AdvisorError(
        .usage, "{\(name)} has no values", advice: "name them, as in --knob \(name)=1..\(2 * cpus)")
    }
  }
}
