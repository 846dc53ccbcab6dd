import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import Engines
@testable import Tasks

/// Has a fake engine run `work INPUT` for each input, with its output kept.
func runOnEngine(
  _ inputs: [String], _ engine: FakeEngine = FakeEngine(), recipe: TaskRecipe? = nil, recorded: Recorded = Recorded(),
  _ change: (inout TaskOptions) -> Void = { _ in }
) throws -> (summary: RunSummary, recorded: Recorded) {
  var options = TaskOptions()
  options.killDelaySeconds = 0.1
  options.retryDelaySeconds = 0
  change(&options)
  let summary = try recorded.keepingOutput(inOrder: options.keepsOrder) { writer in
    try EngineRunner(
      engine, try recipe ?? .command(CommandTemplate([Array("work".utf8)])),
      TaskInputs(lists: [InputList(inputs.map { Array($0.utf8) })]), options, observer: recorded, writer: writer
    ).run()
  }
  return (summary, recorded)
}

@Suite struct EngineRunnerTests {
  @Test("Each task runs once, and its output comes home")
  func runsEachTaskOnceAndBringsOutputsHome() throws {
    let engine = FakeEngine()
    let (summary, recorded) = try runOnEngine(["a", "b", "c", "d"], engine) { $0.keepsOrder = true }
    #expect(summary.exitStatus == 0 && summary.progress.succeeded == 4)
    #expect(recorded.output == "a\nb\nc\nd\n")
    #expect(engine.submitted.count == 4 && engine.hasStopped)
  }

  @Test("No more tasks are submitted at once than should be")
  func submitsNoMoreAtOnceThanItShould() throws {
    let engine = FakeEngine()
    var held: [EngineTask] = []
    engine.onSubmit = { engine, task in
      held.append(task)
      // The fake answers when two are there: more never come.
      if held.count == 2 || task.id == 5 {
        held.forEach { engine.succeed($0) }
        held = []
      }
    }
    #expect(try runOnEngine(["1", "2", "3", "4", "5"], engine) { $0.workers = 2 }.summary.progress.succeeded == 5)
    #expect(engine.maxUnderWay == 2)
  }

  @Test("Failed tasks are tried again, and named once")
  func triesFailedTasksAgainAndNamesThemOnce() throws {
    let engine = FakeEngine()
    engine.onSubmit = { engine, task in
      engine.tell(.ended(EngineResult(id: task.id, ending: .exited(status: 3), error: Array("no\n".utf8))))
    }
    let (summary, recorded) = try runOnEngine(["a"], engine) { $0.retries = 2 }
    #expect(summary.exitStatus == 1 && recorded.outcomes.count == 1 && engine.submitted.count == 3)
    #expect(recorded.outcomes.first?.text == "task 1 (work a) exited with status 3 after 3 attempts")
    #expect(recorded.error == "no\n")
  }

  @Test("A lost task runs again without costing a retry")
  func aLostTaskRunsAgainWithoutCostingARetry() throws {
    let engine = FakeEngine()
    engine.onSubmit = { engine, task in
      if task.id <= 2 { engine.tell(.lost(task.id, "its worker w was killed")) } else { engine.succeed(task) }
    }
    let (summary, recorded) = try runOnEngine(["a", "b"], engine)
    #expect(summary.exitStatus == 0 && engine.submitted.count == 4)
    #expect(recorded.outcomes.map(\.attempts) == [1, 1])
  }

  @Test("A task that is lost each time has failed")
  func aTaskThatIsLostEachTimeHasFailed() throws {
    let engine = FakeEngine()
    engine.onSubmit = { engine, task in engine.tell(.lost(task.id, "its worker was killed")) }
    let (summary, recorded) = try runOnEngine(["a"], engine)
    #expect(summary.progress.failed == 1 && engine.submitted.count == EngineRunner.maxLosses + 1)
    #expect(recorded.outcomes.first?.text == "task 1 (work a) was lost 4 times: its worker was killed")
  }

  @Test("What is reported twice counts once")
  func whatIsReportedTwiceCountsOnce() throws {
    let engine = FakeEngine()
    engine.onSubmit = { engine, task in
      engine.succeed(task)
      engine.succeed(task)
    }
    let (summary, recorded) = try runOnEngine(["a", "b"], engine)
    #expect(summary.progress.succeeded == 2 && recorded.outcomes.count == 2 && recorded.output == "a\nb\n")
  }

  @Test("An engine that goes away leaves a resumable journal")
  func anEngineThatGoesAwayLeavesAResumableJournal() throws {
    let journal = try TemporaryFile()
    let engine = FakeEngine()
    engine.onSubmit = { engine, task in
      if task.id <= 2 { engine.succeed(task) }
      if task.id == 3 {
        engine.fail(AdvisorError(.unavailable, "the scheduler is gone", advice: "start it again"))
      }
    }
    #expect {
      try runOnEngine(["a", "b", "c", "d"], engine) { $0.journal = journal.path }
    } throws: { error in
      let error = error as? AdvisorError
      return error?.code == .unavailable && error?.problem == "the scheduler is gone"
        && error?.advice.contains("--resume") == true
    }
    #expect(engine.hasStopped)
    let again = FakeEngine()
    let (summary, recorded) = try runOnEngine(["a", "b", "c", "d"], again) {
      ($0.journal, $0.resume) = (journal.path, .ended)
    }
    #expect(summary.progress.skipped == 2 && recorded.output == "c\nd\n")
  }

  @Test("An engine that cannot start is a clear error")
  func anEngineThatCannotStartIsAClearError() throws {
    let engine = FakeEngine()
    engine.startFailure = AdvisorError(.unavailable, "there is no sbatch", advice: "install Slurm")
    #expect { try runOnEngine(["a"], engine) } throws: { ($0 as? AdvisorError)?.problem == "there is no sbatch" }
  }

  @Test("An interrupt withdraws what has not started")
  func anInterruptWithdrawsWhatHasNotStarted() throws {
    let journal = try TemporaryFile()
    let engine = FakeEngine()
    engine.onSubmit = { engine, task in
      guard task.id == 2 else { return }
      pthread_kill(pthread_self(), SIGINT)
    }
    engine.onDrain = { engine in
      engine.tell(.withdrawn(1))
      if let task = engine.submitted.last(where: { $0.id == 2 }) { engine.succeed(task) }
      for task in engine.submitted where task.id > 2 { engine.tell(.withdrawn(task.id)) }
    }
    let (summary, recorded) = try runOnEngine(["a", "b", "c", "d"], engine) { $0.journal = journal.path }
    #expect(summary.exitStatus == 130 && engine.hasDrained && engine.cancelled.isEmpty)
    #expect(recorded.output == "b\n" && summary.progress.succeeded == 1 && summary.progress.stopped == 3)
    #expect(journal.text.split(separator: "\n").count == 1)
  }

  @Test("A halt that is urgent cancels what runs")
  func aHaltThatIsUrgentCancelsWhatRuns() throws {
    let engine = FakeEngine()
    engine.onSubmit = { engine, task in
      if task.id == 1 { engine.tell(.ended(EngineResult(id: 1, ending: .exited(status: 1)))) }
    }
    let (summary, _) = try runOnEngine(["a", "b", "c"], engine) { $0.halt = RunHalt(.now, .fail, .count(1)) }
    #expect(summary.ending == .halted && summary.progress.stopped == 2 && engine.cancelled == [2, 3])
  }

  @Test("An engine that does not cancel is not waited for forever")
  func doesNotWaitForeverForAnEngineThatDoesNotCancel() throws {
    let engine = FakeEngine()
    engine.onSubmit = { engine, task in
      if task.id == 1 { pthread_kill(pthread_self(), SIGTERM) }
    }
    engine.onCancel = { _, _ in pthread_kill(pthread_self(), SIGTERM) }
    let (summary, _) = try runOnEngine(["a"], engine)
    #expect(summary.exitStatus == 128 + SIGTERM && summary.progress.stopped == 1)
  }

  @Test("Results and logs are kept as commands keep them")
  func keepsResultsAndLogsAsCommandsDo() throws {
    let (log, folder) = (try TemporaryFile(), try TemporaryFolder())
    _ = try runOnEngine(["a"]) { ($0.results, $0.jobLog) = (folder.path, log.path) }
    for (name, text) in [("stdout", "a\n"), ("exit", "0\n")] {
      #expect(folder.contents(of: "1/a/\(name)") == Array(text.utf8))
    }
    #expect(log.text.split(separator: "\n").last?.hasSuffix("\twork a") == true)
  }

  @Test("Functions and built-in tasks travel as such")
  func functionsAndBuiltInTasksTravelAsSuch() throws {
    let engine = FakeEngine()
    engine.onSubmit = { engine, task in engine.tell(.ended(EngineResult(id: task.id, ending: .succeeded))) }
    _ = try runOnEngine(["[1]"], engine, recipe: .function("m:f"))
    #expect(engine.submitted.first?.work == .function(name: "m:f", argument: Array("[1]".utf8)))
    let job = try Job("cpu:4x1e3")
    let other = FakeEngine()
    other.onSubmit = engine.onSubmit
    _ = try runOnEngine(["0", "1", "2", "3"], other, recipe: .builtIn(job)) { $0.batch = .count(2) }
    #expect(other.submitted.map(\.work) == [.builtIn(job, tasks: [0, 1]), .builtIn(job, tasks: [2, 3])])
  }

  @Test("A task's lines, its command and its number are told as here")
  func tagsEchoesAndNumbers() throws {
    let engine = FakeEngine()
    let (_, recorded) = try runOnEngine(["a", "b"], engine) {
      $0.keepsOrder = true
      $0.echo = .output
      $0.tag = try? CommandTemplate([Array("<{}>".utf8)])
    }
    #expect(recorded.output == "<a>\twork a\n<a>\ta\n<b>\twork b\n<b>\tb\n")
    #expect(engine.submitted.map(\.environment) == [["PARALLEL_SEQ=1"], ["PARALLEL_SEQ=2"]])
  }

  @Test("A call gets as many inputs as it is to", arguments: [(TaskOptions.Batch.full, 1), (.spread(over: 2), 2)])
  func calls(batch: TaskOptions.Batch, count: Int) throws {
    let engine = FakeEngine()
    _ = try runOnEngine(["1", "2", "3", "4"], engine) { $0.batch = batch }
    #expect(engine.submitted.count == count)
  }

  @Test("What an engine cannot do is said")
  func saysWhatAnEngineCannotDo() throws {
    #expect { try runOnEngine(["a"]) { $0.grouping = .lines } } throws: { ($0 as? AdvisorError)?.code == .usage }
    #expect { try runOnEngine(["a"]) { $0.delaySeconds = 1 } } throws: { ($0 as? AdvisorError)?.code == .usage }
    let slots = TaskRecipe.command(try CommandTemplate(["work", "{%}"].map { Array($0.utf8) }))
    #expect { try runOnEngine(["a"], recipe: slots) } throws: { ($0 as? AdvisorError)?.code == .usage }
  }
}
