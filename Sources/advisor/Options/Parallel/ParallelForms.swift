import ArgumentParser

/// Reads a command line of `run` as GNU parallel would: options end where the command or its inputs begin, short ones may be
/// joined, and those that have another name here get it.
struct ParallelForms {
  /// What is to be parsed, with a `--` where the options end.
  private(set) var words: [String] = []
  private var rest: ArraySlice<String>

  /// - Parameter words: what follows `run`.
  /// - Throws: `ValidationError` for what is not here, with what to write instead.
  init(_ words: ArraySlice<String>) throws {
    rest = words
    try read()
    if self.words.contains("--pipepart") { nameFileOfParts() }
  }

  private mutating func read() throws {
    while let word = rest.popFirst() {
      if word == "--" { return end(with: [word]) }
      if word.hasPrefix("--") {
        try addLong(word)
      } else if word.hasPrefix("-"), word != "-" {
        try addShort(word)
      } else {
        return end(with: ["--", word])
      }
    }
  }

  private mutating func end(with start: [String]) {
    words += start + rest
    rest = []
  }

  private mutating func addLong(_ word: String) throws {
    let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    let value = parts.count == 2 ? String(parts[1]) : nil
    // With us it takes the file; with GNU parallel that is an input.
    let isParallels = name == "pipe-part" && value == nil && rest.first?.hasPrefix("-") != false
    guard let option = ParallelOption.named(isParallels ? "pipepart" : name) else { return words.append(word) }
    try add(option, "--\(name)", value)
  }

  /// GNU parallel's `--pipepart` takes the file from among the inputs.
  private mutating func nameFileOfParts() {
    words.removeAll { $0 == "--pipepart" }
    if let index = words.firstIndex(where: { $0.hasPrefix("--inputs=") }) {
      words[index] = "--pipe-part=\(words[index].dropFirst("--inputs=".count))"
    } else if let index = words.lastIndex(of: "::::"), words.indices.contains(index + 1) {
      words.insert("--pipe-part=\(words[index + 1])", at: 0)
    }
  }

  /// Letters behind one dash: the first that takes a value has what follows it.
  private mutating func addShort(_ word: String) throws {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = ParallelOption.named(String(letter)) else { return words.append("-\(letter)\(letters)") }
      guard option.takesValue, !letters.isEmpty else {
        try add(option, "-\(letter)", nil)
        continue
      }
      return try add(option, "-\(letter)", letters.first == "=" ? String(letters.dropFirst()) : String(letters))
    }
  }

  private mutating func add(_ option: ParallelOption, _ typed: String, _ value: String?) throws {
    if case .choice(let name, let values) = option {
      let isGiven = rest.first.map(values.contains) == true
      if let value = value ?? (isGiven ? rest.popFirst() : nil) { words.append("--\(name)=\(value)") }
      return
    }
    guard option.takesValue else {
      if case .absent(let advice, _) = option { throw ValidationError("\(typed) is not here: \(advice).") }
      return words += option.words(value)
    }
    guard let value = value ?? rest.popFirst() else { throw ValidationError("Missing value for \(typed).") }
    if case .absent(let advice, _) = option { throw ValidationError("\(typed) is not here: \(advice).") }
    words += option.words(value)
  }
}

/// What an option is here.
enum ParallelOption {
  /// The option of that name; a value is put behind it.
  case flag(String)
  case value(String)
  /// One of these values may follow it; without it asks for what is so anyhow.
  case choice(String, [String])
  /// What it asks for is so anyhow, or has no counterpart that changes a result.
  case needless(takesValue: Bool)
  /// It is not here: what to write instead.
  case absent(String, takesValue: Bool)

  var takesValue: Bool {
    switch self {
    case .flag, .choice: false
    case .value: true
    case .needless(let takesValue), .absent(_, let takesValue): takesValue
    }
  }

  func words(_ value: String?) -> [String] {
    switch self {
    case .flag(let name): ["--\(name)\(value.map { "=\($0)" } ?? "")"]
    // None of the inputs, of which each takes one all the same.
    case .value("batch") where value == "0": ["--records=0"]
    // The parser takes nothing behind a = for a value that is missing.
    case .value(let name) where value == "" && !name.hasSuffix("="): ["--\(name)", ""]
    case .value(let name): ["--\(name)\(name.hasSuffix("=") ? "" : "=")\(value ?? "")"]
    case .choice, .needless, .absent: []
    }
  }

  /// Nil for what takes no value and has the same name here, or is not known at all: the parser sees to it.
  ///
  /// GNU parallel takes its long names without their dashes too.
  static func named(_ name: String) -> ParallelOption? { exactly(name) ?? dashless[name].flatMap(exactly) }

  private static let dashless = Dictionary(
    names.filter { $0.contains("-") }.map { ($0.replacing("-", with: ""), $0) }, uniquingKeysWith: { first, _ in first }
  )

  private static func exactly(_ name: String) -> ParallelOption? {
    if let other = renamed[name] { return other }
    if needless.contains(name) { return .needless(takesValue: false) }
    if needlessWithValue.contains(name) { return .needless(takesValue: true) }
    if let (advice, takesValue) = absent[name] { return .absent(advice, takesValue: takesValue) }
    return ownValues.contains(name) ? .value(name) : nil
  }
}
