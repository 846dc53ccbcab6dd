internal import AdvisorCore
private import FoundationEssentials
private import Probe
private import Workloads
internal import System
internal import Tasks

/// This program as an array task of Slurm: what it does when it is started with ``argument``, a file with one
/// ``TaskMessage`` a line and a file for as many ``ResultMessage``s.
///
/// It does one task after the other. Started again for the same files, it goes on behind what has a result.
public enum ChunkProgram {
  public static let argument = "__chunk"

  public static func main() -> Never {
    let words = Array(CommandLine.arguments.dropFirst(2))
    guard words.count == 2 else {
      complain("\(argument) is how Slurm starts this program for `advisor run`; it is of no use by itself", .usage)
    }
    do {
      let done = Set(lines(of: words[1], as: ResultMessage.self).map(\.id))
      let guardian = try ProcessGuard(capacity: 1)
      for task in lines(of: words[0], as: TaskMessage.self) where !done.contains(task.id) {
        try append(TaskProcess(task, guardian.entry(0)).run(), to: words[1])
      }
    } catch let error as AdvisorError {
      complain(error.problem, error.code)
    } catch {
      complain("\(error)", .cannotWrite)
    }
    OwnProcess.exit(0)
  }

  private static func lines<Message: Decodable>(of path: String, as type: Message.Type) -> [Message] {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return [] }
    let decoder = JSONDecoder()
    return data.split(separator: UInt8(ascii: "\n")).compactMap { try? decoder.decode(type, from: Data($0)) }
  }

  /// Opens and closes the file each time: over NFS others then see what is in it.
  private static func append(_ result: ResultMessage, to path: String) throws {
    // A line that was cut off by the end of an earlier attempt is closed first.
    let line = Array("\n".utf8) + (try JSONEncoder().encode(result)) + Array("\n".utf8)
    try WriteFault.named(path) { () throws(WriteFault) in
      let file = try ResolvedPath.append(to: path)
      let writing = file.write(line)
      let closing = file.close()
      guard writing == 0, closing == 0 else { throw WriteFault(writing == 0 ? closing : writing) }
    }
  }

  private static func complain(_ text: String, _ code: AdvisorError.Code) -> Never {
    _ = Array("advisor: \(text)\n".utf8).withUnsafeBytes { FileWriting.writeAll($0, to: StandardStream.error) }
    OwnProcess.exit(code.rawValue)
  }
}

/// One task as a process, from its start to its result.
private struct TaskProcess {
  private let task: TaskMessage
  private let protection: ProcessGuard.Entry

  init(_ task: TaskMessage, _ protection: ProcessGuard.Entry) {
    self.task = task
    self.protection = protection
  }

  func run() throws(AdvisorError) -> ResultMessage {
    let input = try file()
    let output = try file()
    let error = try file()
    _ = input.write(task.input?.latin1Bytes ?? [])
    OpenFile.rewind(input.number)
    let floor = PeakMemory.reset()
    let (started, clock) = (WallClock.seconds, MonotonicClock.seconds)
    var result = ResultMessage(id: task.id, ending: "exited", started: started, worker: host)
    do throws(AdvisorError) {
      let child = try ChildProcess(launch(input.number, output.number, error.number), protection: protection)
      if wait(for: child) { result.ending = "timedOut" }
      let exit = child.wait()
      if result.ending != "timedOut" { (result.ending, result.status) = exit.status.message }
      result.cpu = exit.cpuSeconds
      result.rss = exit.maxRSSBytes > floor ? exit.maxRSSBytes : nil
    } catch {
      (result.ending, result.reason) = ("notStarted", "\(error.problem) on \(host)")
    }
    result.wall = MonotonicClock.seconds - clock
    (result.output, result.error) = (contents(output), contents(error))
    return result
  }

  private var host: String { ProcessInfo.processInfo.environment["SLURMD_NODENAME"] ?? "this node" }

  private func launch(_ input: Int32, _ output: Int32, _ error: Int32) -> Launch {
    let own = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    let names = Set((task.environment ?? []).compactMap { $0.split(separator: "=").first })
    let kept = own.filter { entry in !names.contains(entry.prefix { $0 != "=" }) }
    var launch = Launch(
      [], program: task.arguments?.first, environment: task.environment.map { kept + $0 }, directory: task.directory,
      input: input, output: output, error: error)
    launch.rawArguments = (task.arguments ?? []).map(\.latin1Bytes)
    launch.program = launch.rawArguments?.first.map { String(decoding: $0, as: UTF8.self) }
    launch.niceness = task.niceness ?? 0
    return launch
  }

  /// Waits for its end; stops it when its time is over, and returns whether it did.
  private func wait(for child: borrowing ChildProcess) -> Bool {
    guard let timeout = task.timeout else {
      while !child.ends(within: .seconds(1 << 20)) {}
      return false
    }
    guard !child.ends(within: .seconds(timeout)) else { return false }
    child.killGroup(Signal.terminate)
    if !child.ends(within: .seconds(task.killDelay)) { child.killGroup(Signal.kill) }
    while !child.ends(within: .seconds(1 << 20)) {}
    child.killGroup(Signal.kill)
    return true
  }

  /// A file without a name, in memory as long as there is room.
  private func file() throws(AdvisorError) -> Descriptor {
    let folder = Environment.temporaryFolder
    guard let file = Descriptor(unnamedIn: folder) else {
      throw AdvisorError(
        .cannotWrite, "cannot keep a task's output in \(folder): \(Errno.last.text)",
        advice: "make room there, or set TMPDIR")
    }
    return file
  }

  private func contents(_ file: borrowing Descriptor) -> String? {
    guard let status = file.status, status.bytes > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: status.bytes)
    let count = bytes.withUnsafeMutableBytes { OpenFile.read(file.number, into: $0, at: 0) }
    return Array(bytes.prefix(max(0, count))).latin1
  }
}

extension Exit.Status {
  fileprivate var message: (ending: String, status: Int32) {
    switch self {
    case .exited(let status): ("exited", status)
    case .killed(let signal): ("killed", signal)
    }
  }
}
