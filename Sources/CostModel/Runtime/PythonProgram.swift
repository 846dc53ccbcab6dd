import AdvisorCore

/// A program that does a job in Python in one way: whole, so that it can be pasted and run.
///
/// The task is the job's own: a random word, a wait, a download of the URLs after the program's name. It is what a reader
/// replaces by theirs.
struct PythonProgram {
  let job: Job
  let plan: Plan
  let startMethod: String

  var text: String {
    let parts = [imports, task, main]
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var isAsync: Bool { plan.strategy == .async }

  private var kinds: Set<Stage.Kind> { Set(job.stages.map(\.kind)) }

  private var isDownload: Bool { kinds.contains(.io) }

  private var imports: String {
    var names: Set<String> = []
    if isAsync { names.insert("asyncio") }
    if plan.strategy == .processes { names.insert("multiprocessing") }
    if isDownload { names.formUnion(isAsync ? ["sys", "urllib.parse"] : ["sys", "urllib.request"]) }
    if kinds.contains(.wait), !isAsync { names.insert("time") }
    for stage in job.stages where stage.kind == .cpu {
      if case .seconds = stage.size { names.insert("time") } else { names.formUnion(["random", "string"]) }
    }
    var lines = names.sorted().map { "import \($0)" }
    if plan.strategy == .threads { lines.append("from concurrent.futures import ThreadPoolExecutor") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The work of all stages, one after the other.
  private var task: String {
    let head = "\(isAsync ? "async " : "")def task(item):"
    let statements = job.stages.flatMap { lines(of: $0) }
    // The last line's value is the task's result.
    let body = statements.dropLast() + [statements.last.map { "return \($0)" } ?? "return item"]
    return ([head] + body.map { "    \($0)" }).joined(separator: "\n") + "\n"
  }

  private func lines(of stage: Stage) -> [String] {
    switch (stage.kind, stage.size) {
    case (.cpu, .units(let units)):
      ["\"\".join([random.choice(string.ascii_letters) for _ in range(\(Self.number(units)))])"]
    case (.cpu, .seconds(let seconds)):
      ["end = time.thread_time() + \(seconds)", "while time.thread_time() < end:", "    sum(range(200))", "item"]
    case (.wait, .seconds(let seconds)): [isAsync ? "await asyncio.sleep(\(seconds))" : "time.sleep(\(seconds))"]
    case (.io, _) where isAsync:
      [
        "url = urllib.parse.urlsplit(item)",
        "reader, writer = await asyncio.open_connection(url.hostname, url.port or 80)",
        "writer.write(f\"GET {url.path or '/'}?{url.query} HTTP/1.0\\r\\nHost: {url.hostname}\\r\\n\\r\\n\".encode())",
        "reply = await reader.read()",
        "writer.close()",
        "reply.partition(b\"\\r\\n\\r\\n\")[2]",
      ]
    case (.io, _): ["urllib.request.urlopen(item).read()"]
    default: ["item"]
    }
  }

  private static func number(_ units: Double) -> String { units < 1e15 ? "\(Int(units))" : "\(units)" }

  private var inputs: String { isDownload ? "sys.argv[1:]" : "range(\(job.stages.first?.count ?? 1))" }

  private var main: String {
    switch plan.strategy {
    case .sequential:
      """
      if __name__ == "__main__":
          results = [task(item) for item in \(inputs)]
      """
    case .processes:
      """
      if __name__ == "__main__":
          with multiprocessing.get_context("\(startMethod)").Pool(\(plan.workers)) as pool:
              results = pool.map(task, \(inputs), chunksize=\(plan.chunk))
      """
    case .async where plan.workers >= job.stages.first?.count ?? 1:
      """
      async def main():
          return await asyncio.gather(*[task(item) for item in \(inputs)])


      if __name__ == "__main__":
          results = asyncio.run(main())
      """
    case .async:
      """
      async def main():
          gate = asyncio.Semaphore(\(plan.workers))

          async def one(item):
              async with gate:
                  return await task(item)

          return await asyncio.gather(*[one(item) for item in \(inputs)])


      if __name__ == "__main__":
          results = asyncio.run(main())
      """
    case .threads, .tasks, .pipeline:
      """
      if __name__ == "__main__":
          with ThreadPoolExecutor(\(plan.workers)) as executor:
              results = list(executor.map(task, \(inputs)))
      """
    }
  }
}

extension RuntimeAdvice {
  /// What a recommendation says in its runtime's own words.
  init(_ candidate: Candidate, _ job: Job, in runtime: RuntimeCosts) {
    let method = runtime.cheapestPool?.method ?? runtime.startMethod
    let plan = Plan(strategy: candidate.strategy, workers: candidate.workers, chunk: candidate.chunk)
    self.init(
      runtime, startMethod: method, code: PythonProgram(job: job, plan: plan, startMethod: method).text)
  }
}
