internal import AdvisorCore
internal import FoundationEssentials
internal import Tasks

/// A task as the other side of an engine reads it: one JSON object a line. Bytes travel as Latin-1 text.
struct TaskMessage: Codable {
  /// What the program that drives Dask is to do with it.
  var `do` = "submit"
  var id: Int
  var kind: String
  var arguments: [String]?
  var input: String?
  var function: String?
  var argument: String?
  var timeout: Double?
  var killDelay: Double
  var directory: String?
  var environment: [String]?
  var niceness: Int32?

  /// - Parameter program: where `advisor` is on the workers.
  init(_ task: EngineTask, program: String) {
    id = task.id
    (timeout, killDelay, directory) = (task.timeoutSeconds, task.killDelaySeconds, task.directory)
    if !task.environment.isEmpty { environment = task.environment }
    if task.niceness != 0 { niceness = task.niceness }
    switch task.work {
    case .function(let name, let value):
      (kind, function, argument) = ("function", name, value.latin1)
    case .command(let words, let bytes):
      (kind, arguments) = ("command", words.map(\.latin1))
      if !bytes.isEmpty { input = bytes.latin1 }
    case .builtIn(let job, let tasks):
      (kind, arguments) = ("command", TaskProgram.arguments(program: program, job: job, tasks: tasks))
    }
  }
}

/// How a task ended, as the other side of an engine writes it.
struct ResultMessage: Codable {
  var id: Int
  var ending: String
  /// An exit status or the number of a signal.
  var status: Int32?
  var reason: String?
  var started: Double?
  var wall: Double?
  var cpu: Double?
  var rss: Int?
  var output: String?
  var error: String?
  var worker: String?

  /// - Parameter timeoutSeconds: that the task was given.
  func result(_ timeoutSeconds: Double?) -> EngineResult {
    EngineResult(
      id: id, ending: taskEnding(timeoutSeconds), startedAt: started ?? 0,
      usage: TaskUsage(wallSeconds: wall ?? 0, cpuSeconds: cpu ?? 0, maxRSSBytes: rss),
      output: output?.latin1Bytes ?? [], error: error?.latin1Bytes ?? [], worker: worker ?? "")
  }

  private func taskEnding(_ timeoutSeconds: Double?) -> CommandOutcome.Ending {
    switch ending {
    case "exited": (status ?? 0) == 0 ? .succeeded : .exited(status: status ?? 0)
    case "killed": .killed(signal: status ?? 9)
    case "timedOut": .timedOut(afterSeconds: timeoutSeconds ?? 0)
    case "notStarted": .notStarted(reason ?? "")
    case "stopped": .stopped
    default: .failed(reason ?? "failed")
    }
  }
}

extension [UInt8] {
  /// Each byte as the character of that number.
  var latin1: String {
    if allSatisfy({ $0 < 0x80 }) { return String(decoding: self, as: UTF8.self) }
    var text = String.UnicodeScalarView()
    for byte in self { text.append(Unicode.Scalar(byte)) }
    return String(text)
  }
}

extension String {
  var latin1Bytes: [UInt8] {
    let bytes = Array(utf8)
    return bytes.allSatisfy { $0 < 0x80 } ? bytes : unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }
}
