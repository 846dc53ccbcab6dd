internal import AdvisorCore
internal import System
import Executors

/// Slurm's own programs, as a user would type them.
struct SlurmCommands {
  private let sbatch: String
  private let squeue: String
  private let scancel: String
  private let sinfo: String

  /// - Throws: ``AdvisorError`` (unavailable) where Slurm is not installed.
  init() throws(AdvisorError) {
    func find(_ name: String) throws(AdvisorError) -> String {
      do { return try CommandLookup.find(name) } catch {
        throw AdvisorError(
          .unavailable, "there is no \(name) on PATH: Slurm's programs are not installed here",
          advice: "run this where jobs are submitted, or install slurm-client")
      }
    }
    (sbatch, squeue) = (try find("sbatch"), try find("squeue"))
    (scancel, sinfo) = (try find("scancel"), try find("sinfo"))
  }

  /// The nodes that take work, each with its CPUs.
  func nodes() throws(AdvisorError) -> [EngineCosts.Worker] {
    var nodes: [String: EngineCosts.Worker] = [:]
    for line in try run([sinfo, "--noheader", "--Node", "--format=%N %c %t"]).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 3, let slots = Int(words[1]), !Self.isOut(words[2]) else { continue }
      nodes[words[0]] = EngineCosts.Worker(name: words[0], host: words[0], slots: slots)
    }
    return nodes.values.sorted { $0.name < $1.name }
  }

  private static func isOut(_ state: String) -> Bool {
    ["down", "drain", "drng", "fail", "maint", "unk", "boot"].contains { state.hasPrefix($0) } || state.hasSuffix("*")
  }

  /// Submits an array of `tasks` tasks and returns the job's number.
  func submit(_ script: String, name: String, tasks: Int, logs: String, _ further: [String]) throws(AdvisorError)
    -> String
  {
    let text = try run(
      [sbatch, "--parsable", "--requeue", "--job-name=\(name)", "--array=0-\(tasks - 1)", "--output=\(logs)/%a.log"]
        + further + [script])
    // `NUMBER` or `NUMBER;CLUSTER`.
    return String(text.prefix { $0.isNumber })
  }

  /// The array tasks of these jobs that have not ended: `NUMBER_INDEX`.
  func unfinished() throws(AdvisorError) -> Set<String> {
    let text = try run([squeue, "--noheader", "--array", "--user=\(OwnProcess.user)", "--format=%i"])
    return Set(text.split(separator: "\n").map { $0.filter { !$0.isWhitespace } })
  }

  /// Ends jobs; those that have ended are no error.
  func cancel(_ jobs: [String], onlyPending: Bool = false) {
    guard !jobs.isEmpty else { return }
    _ = try? run([scancel, "--quiet"] + (onlyPending ? ["--state=PENDING"] : []) + jobs)
  }

  private func run(_ words: [String]) throws(AdvisorError) -> String {
    let output = try Pipe()
    let error = try Pipe()
    let child = try ChildProcess(Launch(words, output: output.writing.number, error: error.writing.number))
    // Else what is read here would have no end.
    _ = (output.writing.close(), error.writing.close())
    // What these programs say on stderr is a line or two, and fits into the pipe.
    let text = Self.contents(output.reading)
    let complaint = Self.contents(error.reading)
    let exit = child.wait()
    guard exit.succeeded else {
      let name = words[0].split(separator: "/").last.map(String.init) ?? words[0]
      let why = complaint.split(separator: "\n").last.map(String.init) ?? exit.status.words
      throw AdvisorError(
        .unavailable, "\(name) failed: \(why)", advice: "check that Slurm's controller runs: scontrol ping")
    }
    return text
  }

  private static func contents(_ pipe: borrowing Descriptor) -> String {
    String(decoding: pipe.readAll(atMost: .max) ?? [], as: UTF8.self)
  }
}
