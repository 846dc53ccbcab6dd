import AdvisorCore

/// A real command over real inputs.
struct CommandCase: Sendable {
  var name: String
  /// Programs that must be installed; the first is the command itself.
  var programs: [String]
  /// With `{}` in the place of the input.
  var words: [String]
  var inputs: CommandInputs

  init(_ name: String, needs others: [String] = [], _ words: [String], _ inputs: CommandInputs) {
    self.name = name
    programs = [words[0]] + others
    self.words = words
    self.inputs = inputs
  }

  var text: String { words.joined(separator: " ") }
}

/// What a command is run over.
enum CommandInputs: Sendable, Hashable {
  /// Files of text whose sizes are lognormal with that mean, in bytes, and coefficient of variation.
  case texts(count: Int, bytes: Int, spread: Double)
  /// Folders of small files of text.
  case folders(count: Int, files: Int)
  /// C programs with a number of functions each.
  case sources(count: Int, functions: Int)
  /// Repositories of git with one commit.
  case repositories(count: Int)
  /// Numbers from 1 on.
  case numbers(count: Int)
  /// Addresses on a server of our own, which sends these bytes after this latency.
  case addresses(count: Int, bytes: Int, latencySeconds: Double)
}

extension CommandCase {
  /// Fifteen of what people run over many inputs: some compute, some read, some wait, some mostly start.
  static let suite = [
    CommandCase("gzip", ["gzip", "-c", "{}"], .texts(count: 48, bytes: 400_000, spread: 0)),
    CommandCase("gzip, mixed sizes", ["gzip", "-c", "{}"], .texts(count: 60, bytes: 300_000, spread: 1)),
    CommandCase("xz", ["xz", "-c", "{}"], .texts(count: 32, bytes: 60_000, spread: 0.5)),
    CommandCase("sha256sum", ["sha256sum", "{}"], .texts(count: 60, bytes: 3_000_000, spread: 0.5)),
    CommandCase("grep", ["grep", "-c", "-i", "the.*lazy", "{}"], .texts(count: 60, bytes: 1_000_000, spread: 0.5)),
    CommandCase("sort", ["sort", "{}"], .texts(count: 40, bytes: 400_000, spread: 0.5)),
    CommandCase(
      "gzip behind a shell", needs: ["gzip"], ["sh", "-c", "gzip -c \"$0\" | wc -c", "{}"],
      .texts(count: 48, bytes: 300_000, spread: 0.3)),
    CommandCase("python3, start only", ["python3", "-c", "pass", "{}"], .numbers(count: 40)),
    CommandCase("true", ["true", "{}"], .numbers(count: 400)),
    CommandCase("git", ["git", "-C", "{}", "log", "--stat"], .repositories(count: 40)),
    CommandCase("curl", ["curl", "-s", "{}"], .addresses(count: 80, bytes: 65_536, latencySeconds: 0.03)),
    CommandCase("gcc", ["gcc", "-O1", "-c", "-o", "/dev/null", "{}"], .sources(count: 24, functions: 40)),
    CommandCase(
      "sqlite3",
      [
        "sqlite3", ":memory:",
        "WITH RECURSIVE n(i) AS (SELECT {} UNION ALL SELECT i + 1 FROM n LIMIT 40000) SELECT sum(i) FROM n;",
      ],
      .numbers(count: 48)),
    CommandCase("tar", ["tar", "-c", "{}"], .folders(count: 60, files: 60)),
    CommandCase("sleep", ["sleep", "0.05{}"], .numbers(count: 60)),
  ]
}
