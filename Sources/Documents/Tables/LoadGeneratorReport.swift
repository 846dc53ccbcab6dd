import AdvisorCore

/// What load generators print, one run after the other, as a table of clients and throughput; or the progress of one run
/// as a table of times and throughput.
///
/// Reads pgbench, sysbench, wrk, ab, k6 and hey, which does not print the number of its workers.
struct LoadGeneratorReport {
  let columns: [String]
  let rows: [DataTable.Row]

  /// Nil where the lines are no such report.
  init?(_ lines: [ArraySlice<UInt8>]) {
    guard lines.prefix(300).contains(where: Self.isTold) else { return nil }
    var runs: [(line: Int, clients: Substring?, throughput: Substring, unit: String)] = []
    var (progress, clients): ([(line: Int, time: Substring, rate: Substring)], Substring?) = ([], nil)
    for (index, bytes) in lines.enumerated() {
      let line = String(decoding: bytes, as: UTF8.self).trimmingASCIISpace
      if let point = Self.progress(line) { progress.append((index + 1, point.time, point.rate)) }
      if let found = Self.clients(line) {
        // k6 sorts its figures by name.
        if line.hasPrefix("vus..."), let last = runs.indices.last {
          runs[last].clients = found
        } else {
          clients = found
        }
      }
      guard let found = Self.throughput(line) else { continue }
      // Of the two figures of older pgbench the second leaves out the connections.
      if let last = runs.last, found.unit == "tps", last.unit == "tps", last.line == index { runs.removeLast() }
      runs.append((index + 1, clients, found.rate, found.unit))
    }
    let unit = runs.first?.unit ?? "tps"
    if runs.count < 3, progress.count >= 3 {
      columns = ["time (s)", unit]
      rows = progress.map { DataTable.Row(line: $0.line, cells: [$0.time, $0.rate]) }
    } else if runs.contains(where: { $0.clients != nil }) {
      columns = ["clients", unit]
      rows = runs.map { DataTable.Row(line: $0.line, cells: [$0.clients ?? "", $0.throughput]) }
    } else {
      columns = [unit]
      rows = runs.map { DataTable.Row(line: $0.line, cells: [$0.throughput]) }
    }
  }

  private static func isTold(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = bytes.drop { $0 == UInt8(ascii: " ") }
    let starts = [
      "tps = ", "Requests/sec:", "Requests per second:", "transactions:", "events per second:", "http_reqs...",
    ]
    return starts.contains { text.starts(with: $0.utf8) }
  }

  private static func clients(_ line: Substring) -> Substring? {
    for start in ["number of clients:", "Number of threads:", "Concurrency Level:", "vus...", "[ "]
    where line.hasPrefix(start) {
      guard start == "[ " else { return firstNumber(line.drop { $0 != ":" }) }
    }
    // wrk: 2 threads and 10 connections
    let words = line.split(separator: " ")
    return words.count == 5 && words[1] == "threads" && words[4] == "connections" ? words[3] : nil
  }

  private static func throughput(_ line: Substring) -> (rate: Substring, unit: String)? {
    if line.hasPrefix("tps = ") { return firstNumber(line.dropFirst(6)).map { ($0, "tps") } }
    if line.hasPrefix("transactions:"), let open = line.firstIndex(of: "("), line.hasSuffix("per sec.)") {
      return firstNumber(line[open...]).map { ($0, "tps") }
    }
    if line.hasPrefix("events per second:") { return firstNumber(line.drop { $0 != ":" }).map { ($0, "events/s") } }
    if line.hasPrefix("Requests/sec:") || line.hasPrefix("Requests per second:") {
      return firstNumber(line.drop { $0 != ":" }).map { ($0, "req/s") }
    }
    // http_reqs......................: 1234    61.7/s
    guard line.hasPrefix("http_reqs..."), let rate = line.split(separator: " ").last, rate.hasSuffix("/s") else {
      return nil
    }
    return (rate.dropLast(2), "req/s")
  }

  /// `progress: 5.0 s, 1234.5 tps, …` of pgbench, `[ 5s ] thds: 4 tps: 1234.5 …` of sysbench.
  private static func progress(_ line: Substring) -> (time: Substring, rate: Substring)? {
    let words = line.split(separator: " ")
    if line.hasPrefix("progress: "), words.count > 4, words[4].hasPrefix("tps") { return (words[1], words[3]) }
    guard line.hasPrefix("[ "), let place = words.firstIndex(of: "tps:"), place + 1 < words.count else { return nil }
    return firstNumber(words[1]).map { ($0, words[place + 1]) }
  }

  private static func firstNumber(_ text: Substring) -> Substring? {
    let start = text.drop { !($0.isASCII && $0.isNumber) }
    let number = start.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    return number.isEmpty ? nil : number
  }
}
