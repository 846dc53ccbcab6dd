import AdvisorCore
import Console
import CostModel
import Documents
import FoundationEssentials
@testable import Reports
import Testing

@Suite struct SentencesTests {
  private static let own = Sentences(strategies: StrategyText())
  private static let python = Sentences(strategies: StrategyText(isPython: true))

  @Test("A reason is said in one way", arguments: (SampleReasons.binding + SampleReasons.choice).map { ($0.0, $0.1) })
  func reasonSaidWay(reason: Reason, sentence: String) {
    #expect(Self.own.text(reason) == sentence)
  }

  @Test("A reason of a runtime is said in its words", arguments: SampleReasons.runtime.map { ($0.0, $0.1) })
  func reasonRuntimeSaid(reason: Reason, sentence: String) {
    #expect(Self.python.text(reason) == sentence)
  }

  @Test("A caveat is said in one way", arguments: SampleReasons.caveats.map { ($0.0, $0.1) })
  func caveatSaidWay(caveat: Caveat, sentence: String) {
    #expect(Self.own.text(caveat) == sentence)
  }

  /// What else some sentences say of the same code.
  @Test(
    "What is not known or does not apply is left out",
    arguments: [
      (
        Reason.gil(threads: nil, released: nil),
        "The GIL lets one thread compute at a time. Functions that release it run in parallel, as much of numpy, hashlib and "
          + "zlib does. `advisor map module:function` measures whether yours does."
      ),
      (
        .engineBreakEven(engine: "dask", tasks: nil, workSeconds: nil, taskWorkSeconds: 1),
        "No size of this job pays off on dask."
      ),
      (
        .engineBreakEven(engine: "dask", tasks: 300, workSeconds: nil, taskWorkSeconds: 1),
        "Dask pays off above about 300 such tasks."
      ),
      (
        .engineBreakEven(engine: "dask", tasks: 300, workSeconds: 10, taskWorkSeconds: 1),
        "Dask pays off above about 300 such tasks, or above about 10 s of computing per task (here 1 s)."
      ),
      (
        .engine(
          plan: Plan(strategy: .processes, workers: 1, engine: "slurm"), seconds: 20, localSeconds: 30, tasks: 9,
          parts: []),
        "Slurm with 1 slot would take 20 s, this machine alone 30 s."
      ),
      (
        .enoughWorkers(strategy: .async, workers: 64, fewer: 32, ratio: 2),
        "More than 64 in flight gain nothing; 32 in flight would take 2× as long."
      ),
    ])
  func notKnownDoes(reason: Reason, sentence: String) {
    #expect(Self.own.text(reason) == sentence)
  }

  private static let texts = (SampleReasons.reasons.map(\.1) + SampleReasons.caveats.map(\.1))

  /// A unit is a word, a per cent or a times sign. What is counted now stands before `(now: 0)`, as before `8 + 2 workers`.
  @Test("Every number has a unit", arguments: texts)
  func everyNumberUnit(sentence: String) {
    let words = sentence.replacing("(now: 0)", with: "").replacing("8 + 2", with: "10").split(separator: " ")
    for (word, next) in zip(words, words.dropFirst() + [""]) {
      let number = word.drop { $0 == "(" }
      guard number.first?.isNumber == true, !number.hasSuffix("×") else { continue }
      let isFollowed = number.last?.isNumber == true && (next.first?.isLetter == true || next.first == "%")
      #expect(isFollowed, "\(word) in: \(sentence)")
    }
  }

  /// `fork` and engines are names.
  @Test("Every sentence is one", arguments: texts)
  func everySentence(sentence: String) {
    #expect(sentence.first?.isLowercase == false || sentence.hasPrefix("fork "))
    #expect(sentence.last == ".")
  }
}

@Suite struct ReportedTests {
  @Test("A reason is read back as it was written", arguments: SampleReasons.reasons.map(\.0))
  func reasonReadBack(reason: Reason) throws {
    try Self.expectSame(Reported(reason, "A sentence."))
  }

  @Test("A caveat is read back as it was written", arguments: SampleReasons.caveats.map(\.0))
  func caveatReadBack(caveat: Caveat) throws {
    try Self.expectSame(Reported(caveat, "A sentence."))
  }

  private static func expectSame(_ value: Reported<some Hashable & Codable & Sendable>) throws {
    let data = try JSONDocument.data(of: value)
    #expect(try JSONDocument.decode(type(of: value), from: data, of: "test") == value)
  }

  @Test(
    "Figures at the edge are said as people say them",
    arguments: [
      (
        Reason.cores(cpuSeconds: 2.4, cpus: 2, speedup: 1.6, freeShare: 0.37),
        "CPU-bound: 2.4 s of CPU time; 2 CPUs, of which other processes leave 37 %, give a 1.6× speedup."
      ),
      (
        .quota(cpus: 1, source: nil, throttledShare: 0.9999),
        "Bound by the quota of 1 CPU: workers are throttled over 99.9 % of the time, and more of them only use it up sooner."
      ),
    ])
  func edges(reason: Reason, sentence: String) { #expect(Sentences().text(reason) == sentence) }

  @Test("The code stands beside the figures and the sentence")
  func codeStandsBeside() throws {
    let reason = Reason.cores(cpuSeconds: 0.5, cpus: 2, speedup: 1.5, freeShare: 1)
    let text = try JSONDocument.text(of: Reported(reason, "A sentence."))
    #expect(
      text == """
        {
          "code" : "cores",
          "cpuSeconds" : 0.5,
          "cpus" : 2,
          "freeShare" : 1,
          "speedup" : 1.5,
          "text" : "A sentence."
        }

        """)
    #expect(
      try JSONDocument.text(of: [Reported(Reason.noGIL, "A.")]).contains("\"code\" : \"noGIL\",\n    \"text\" : \"A.\"")
    )
  }

  @Test(
    "A code that there is not, or that lacks a figure, is refused",
    arguments: [
      #"{"code": "luck", "text": "A."}"#, #"{"code": "cores", "text": "A."}"#, #"{"text": "A."}"#,
    ])
  func codeNotLacks(document: String) {
    #expect(throws: AdvisorError.self) {
      try JSONDocument.decode(Reported<Reason>.self, from: Data(document.utf8), of: "test")
    }
  }

  @Test("Each code has a sample of its own")
  func eachCodeSample() throws {
    func codes(_ values: [some Encodable]) throws -> [String] {
      try values.map { try JSONDocument.text(of: $0) }.compactMap { text in
        text.split(separator: "\"").map(String.init).dropFirst().first
      }
    }
    let reasons = try codes(SampleReasons.reasons.map(\.0))
    let caveats = try codes(SampleReasons.caveats.map(\.0))
    #expect(Set(reasons).count == reasons.count && Set(caveats).count == caveats.count)
  }
}

/// Whole advice, with the profiles in the repository.
@Suite struct RecommendationDocumentTests {
  private static func profile(_ name: String) throws -> MachineProfile {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../profiles/\(name).json")
    return try JSONDocument.read(MachineProfile.self, from: path.path)
  }

  @Test(
    "Advice is in sentences, and is read back as it was written",
    arguments: ["amd-epyc-vm-2cpu", "intel-xeon-vm-16cpu", "course-dask-cluster"],
    [
      "cpu:1x1", "cpu:7x1e6", "cpu:8x300ms,cv=0.5", "cpu:1000x20us,cv=3", "cpu:5x1e300", "mem:16x512MiB",
      "disk:64x4MiB",
      "wait:200x50ms", "io:100x64KiB,latency=20ms", "io:4x20MiB+cpu:4x2e6", "cpu:100x1ms,memory=64MiB",
    ])
  func adviceSentencesRead(machine: String, job: String) throws {
    let model = try CostModel(profile: Self.profile(machine))
    guard let advice = try? model.recommend(try Job(job), goal: Goal(usesEngines: true)) else { return }
    let document = RecommendationDocument(advice)
    #expect(document.reasons.map(\.value) == advice.reasons && !advice.reasons.isEmpty)
    for text in document.reasons.map(\.text) + document.caveats.map(\.text) {
      #expect(text.first?.isLowercase == false && text.last == ".", "\(text)")
      #expect(!text.contains("nan") && !text.contains("inf ") && !text.contains("–"), "\(text)")
    }
    let data = try JSONDocument.data(of: document)
    var read = try JSONDocument.decode(RecommendationDocument.self, from: data, of: "test")
    // A job's text is made of its stages again: 1000000 for 1e6.
    #expect(read.job.stages == document.job.stages)
    read.job = document.job
    #expect(read == document)
  }

  @Test("Advice for Python names what Python programmers call it")
  func advicePythonNames() throws {
    let profile = try Self.profile("amd-epyc-vm-2cpu")
    let runtime = try #require(profile.runtimes.first)
    let advice = try CostModel(profile: profile.seen(by: runtime)).recommend(try Job("cpu:8x1e6"))
    let document = RecommendationDocument(advice)
    let text = document.reasons.map(\.text).joined(separator: " ")
    for word in ["GIL", "fork", "spawn", "ThreadPoolExecutor", "chunk"] { #expect(text.contains(word)) }
    #expect(TextReport.recommendation(document).contains("→ multiprocessing.Pool(2), chunksize="))
  }
}

@Suite struct StrategyTextTests {
  @Test(
    "A way of running has one name in each language",
    arguments: [
      (Plan(strategy: .sequential, workers: 1), "sequential execution", "a plain loop"),
      (Plan(strategy: .threads, workers: 1), "1 thread", "ThreadPoolExecutor(1)"),
      (Plan(strategy: .threads, workers: 2), "2 threads", "ThreadPoolExecutor(2)"),
      (Plan(strategy: .tasks, workers: 2), "Swift tasks on 2 threads", "ThreadPoolExecutor(2)"),
      (Plan(strategy: .processes, workers: 1), "1 worker process", "multiprocessing.Pool(1)"),
      (Plan(strategy: .async, workers: 64), "one event loop with 64 in flight", "asyncio with 64 in flight"),
      (
        Plan(strategy: .pipeline, workers: 10, stageWorkers: [8, 2]), "a pipeline of 8 + 2 workers",
        "ThreadPoolExecutor(10)"
      ), (Plan(strategy: .processes, workers: 8, engine: "dask"), "dask with 8 slots", "dask with 8 slots"),
    ])
  func wayRunningName(plan: Plan, own: String, python: String) {
    #expect(StrategyText().name(of: plan) == own)
    #expect(StrategyText(isPython: true).name(of: plan) == python)
  }

  @Test("A column names the workers of each stage", arguments: [(nil, "pipeline 10"), ([8, 2], "pipeline 8+2")])
  func label(stageWorkers: [Int]?, expected: String) {
    #expect(StrategyText().label(.pipeline, workers: 10, ofStages: stageWorkers) == expected)
  }
}
