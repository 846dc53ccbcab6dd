import FoundationEssentials
import Glibc

/// Asks every 10 ms whether something has come about, for ten seconds; whether it has.
@discardableResult public func waitUntil(_ condition: () throws -> Bool) rethrows -> Bool {
  for _ in 0..<1000 {
    if try condition() { return true }
    usleep(10_000)
  }
  return try condition()
}

/// Ids of the processes whose command line, its words parted by NUL, contains a text.
public func processes(with text: String) -> [Int32] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.compactMap { Int32($0) }.filter { id in
    let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
    return String(decoding: line, as: UTF8.self).contains(text)
  }
}

/// Whether a process is there and no zombie.
public func isRunning(_ id: Int32) -> Bool { processState(id).first.map { $0 != "Z" } ?? false }

/// The fields of `/proc/ID/stat` from the state on (proc(5)): state, parent, group, session, …; none without the process.
public func processState(_ id: Int32) -> [Substring] {
  // The name in brackets may hold anything; the state comes after it.
  let text = String(decoding: FileManager.default.contents(atPath: "/proc/\(id)/stat") ?? Data(), as: UTF8.self)
  return text.split(separator: ")").last?.split(separator: " ") ?? []
}
