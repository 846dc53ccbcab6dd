import AdvisorTestSupport
import Foundation
import Testing

/// What a run shows of itself while it goes on.
@Suite struct ProgressTests {
  private let program: Program
  private static let run = "$ADVISOR run -j 1 -- sh -c 'sleep 0.8; exit {}' ::: 0 1 0"

  init() throws { program = try Program() }

  /// Runs a line of shell on a terminal of a given width; what the terminal gets.
  private func onTerminal(_ columns: Int, _ line: String) throws -> String {
    let words = "stty cols \(columns) rows 24; \(line)".replacing("$", with: "\\$")
    return try program.shell("script -qec \"\(words)\" /dev/null < /dev/null").output
  }

  @Test("For programs it is a document a line")
  func json() throws {
    let outcome = try program.shell(Self.run.replacing("-- sh", with: "--progress json -- sh"))
    let documents = try outcome.complaint.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(!documents.isEmpty && documents.allSatisfy { $0["total"] as? Int == 3 && $0["workers"] as? Int == 1 })
  }

  @Test("Without a terminal a short run shows none, and with none no run does", arguments: ["", "--progress none"])
  func silent(option: String) throws {
    let outcome = try program.shell(Self.run.replacing("-- sh", with: "\(option) -- sh"))
    #expect(!outcome.complaint.contains("running"), "\(outcome.complaint)")
  }

  @Test("On a terminal no line of it is broken, and the terminal is left as it was", arguments: [40, 60, 80, 200])
  func block(columns: Int) throws {
    let shown = try onTerminal(columns, "\(Self.run); stty -a")
    let parts = shown.split { $0 == "\r\n" || $0 == "\n" || $0 == "\r" }.map {
      $0.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "")
    }
    let block = parts.filter { $0.contains("running") || $0.contains("worker ") || $0.contains("1 failed") }
    #expect(block.contains { $0.hasPrefix("running") } && block.contains { $0.hasPrefix("1 failed") }, "\(shown)")
    #expect(block.allSatisfy { $0.count < columns || $0.contains("process") }, "\(block)")
    #expect(shown.contains(" icanon") && shown.contains(" echo "), "\(shown)")
  }

  private static let memoryGroups = "/sys/fs/cgroup/memory"

  /// Two tasks come to 60 MB each, of 128 MiB: once half of those are gone the younger waits.
  @Test(
    "A task that is paused for want of memory is counted beside the workers",
    .enabled(if: getuid() == 0 && access("\(memoryGroups)/memory.limit_in_bytes", W_OK) == 0))
  func paused() throws {
    let group = "\(Self.memoryGroups)/advisor-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: group, withIntermediateDirectories: false)
    defer { rmdir(group) }
    let task = try program.file(
      "task.pl", "for (1..60) { push @held, 'x' x 1e6; select undef, undef, undef, 0.03; }\n")
    let shown = try onTerminal(
      100,
      """
      echo 134217728 > \(group)/memory.limit_in_bytes && echo $$ > \(group)/cgroup.procs; \
      $ADVISOR run -j 2 -- perl \(task) ::: 1 2; echo $$ > \(Self.memoryGroups)/cgroup.procs
      """)
    #expect(shown.contains("2 workers  1 paused for memory  ") && shown.contains("2 of 2 tasks done"), "\(shown)")
  }

  @Test("A key changes the run while it goes on: q ends it after the tasks under way")
  func keys() throws {
    let line = "$ADVISOR run -j 1 --progress bar -- sh -c ': > {}; sleep 0.5' ::: a b c d e f g h; ls"
    let words = line.replacing("$", with: "\\$")
    let outcome = try program.shell(
      "(until [ -e a ]; do sleep 0.05; done; printf q; sleep 3) | script -qec \"\(words)\" /dev/null")
    #expect(outcome.output.contains("interrupted") && !outcome.output.contains(" h"), "\(outcome.output)")
  }
}
