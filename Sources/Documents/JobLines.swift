internal import AdvisorCore
internal import FoundationEssentials

/// Jobs in plain text, one a line.
enum JobLines {
  static func entries(in bytes: Data, of path: String) throws(AdvisorError) -> [JobFile.Entry] {
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw AdvisorError(
        .badData, "\(path) does not hold jobs: it is not UTF-8 text",
        advice: "name a text file with one job a line, such as cpu:8x1e6")
    }
    var entries: [JobFile.Entry] = []
    // By bytes: to Swift a line end of DOS is another character.
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let content = Substring(line).prefix { $0 != "#" }.trimmingASCIISpace
      guard !content.isEmpty else { continue }
      do throws(JobStringError) {
        entries.append(JobFile.Entry(job: try job(in: content), place: "line \(index + 1)"))
      } catch {
        throw AdvisorError(
          .badData, "\(path), line \(index + 1): bad job string: \(error)", advice: advice(content, error))
      }
    }
    return entries
  }

  /// `JOB` or `NAME = JOB`. What stands before the first equals sign of a job string alone has a colon.
  private static func job(in line: Substring) throws(JobStringError) -> NamedJob {
    let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].trimmingASCIISpace
    guard parts.count == 2, !name.isEmpty, !name.contains(where: { ":,+".contains($0) }) else {
      return NamedJob(try Job(String(line)))
    }
    return NamedJob(try Job(String(parts[1].trimmingASCIISpace)), name: String(name))
  }

  private static func advice(_ line: Substring, _ error: JobStringError) -> String {
    // Items and keys of YAML; in a job string a colon has no space after it.
    guard line.hasPrefix("-") || line.hasSuffix(":") || line.contains(": ") else {
      return "write it like this: \(error.example)"
    }
    return "this looks like YAML, which is not read; write one job string a line, such as \(error.example), or JSON: "
      + JobFile.sample
  }
}
