public import AdvisorCore

/// An environment variable in which a runtime reads how many workers to start.
public struct RuntimeVariable: Sendable, Hashable {
  public let name: String
  /// What reads it: `OpenMP`, `make`.
  public let runtime: String
  public let purpose: CPUCount.Purpose
  /// The first version that reads it; `all` where there never was one that did not.
  public let since: String
  /// Where that is documented.
  public let link: String
  /// What is set, with `{n}` in place of the count.
  public let form: String
  /// How the value joins what the user has set.
  public let joining: Joining
  /// Fewer workers than this are never set.
  public let min: Int
  /// Programs or libraries that show that the runtime is installed: names on the path.
  public let programs: [String]
  /// Whether it stays unset inside a make that hands out its own job slots.
  public let yieldsToMake: Bool
  /// Whether it is set only when it is asked for, since it breaks programs that were not built for it.
  public let isOptional: Bool

  /// What becomes of a value that the user has set.
  public enum Joining: Sendable, Hashable {
    /// It stays.
    case none
    /// Ours is appended after a separator, unless one of the marks shows that the user has set the same.
    case appended(separator: String, marks: [String])
    /// Ours is one more option of a command line, before the `--` that ends the options, unless one of the marks shows
    /// that the user has set the same.
    ///
    /// - Parameter flags: the letters of options without a value, which may share a word with the mark: `-kj4`.
    case option(marks: [String], flags: String)
  }

  init(
    _ name: String, _ runtime: String, _ purpose: CPUCount.Purpose, since: String = "all", _ link: String,
    form: String = "{n}", joining: Joining = .none, min: Int = 1, programs: [String] = [], yieldsToMake: Bool = false,
    isOptional: Bool = false
  ) {
    self.name = name
    self.runtime = runtime
    self.purpose = purpose
    self.since = since
    self.link = link
    self.form = form
    self.joining = joining
    self.min = min
    self.programs = programs
    self.yieldsToMake = yieldsToMake
    self.isOptional = isOptional
  }

  /// The value for a count: `4`, `-j4`.
  func value(_ choices: CPUCount.Choices) -> String {
    let count = Swift.max(min, choices[purpose])
    let parts = form.split(separator: "{n}", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 ? "\(parts[0])\(count)\(parts[1])" : form
  }
}
