package import AdvisorCore
private import System

/// Makes tasks of the inputs: leaves out what an earlier run has done, and puts several inputs into one call where asked.
package final class TaskSource {
  package enum Next {
    case task(RunTask)
    /// It has ended in an earlier run.
    case skipped(RunTask, DoneTasks.Ending)
    case waiting
    case end
  }

  private let inputs: TaskInputs
  private let recipe: TaskRecipe
  private let done: DoneTasks
  private var batch: BatchSize?
  /// The places of the inputs, where they are not taken as they stand.
  private var order: DrawnOrder?
  /// Bytes of inputs that one call can take.
  private let room: Int
  private let maxLineBytes: Int?
  /// Calls that what is left at the end goes into at least, and the size that each has then.
  private var calls: Int?
  private var share: Int?
  private var sequence = 0
  /// Inputs read so far.
  private(set) var taken = 0
  /// Inputs of the next batch, and one that did not fit into the last.
  private var pending: [[UInt8]] = []
  private var pendingBytes = 0
  private var pendingFileBytes: [Double?] = []
  /// Rows of a stream, and those of them that named files.
  private var looked = (count: 0, files: 0)
  private var isAtEnd = false
  /// What was wrong with the record that ended the inputs; those before it are tasks all the same.
  package private(set) var fault: AdvisorError?

  /// - Parameter drawn: tasks that come first so that they stand for all; 0 leaves the inputs in their order.
  /// - Throws: `AdvisorError` (usage) when inputs of several sources are to be batched.
  package init(
    _ inputs: TaskInputs, _ recipe: TaskRecipe, batch: TaskOptions.Batch? = nil,
    done: DoneTasks = DoneTasks(), environmentBytes: Int? = nil, maxLineBytes: Int? = nil, drawn: Int = 0
  ) throws(AdvisorError) {
    self.inputs = inputs
    self.recipe = recipe
    self.done = done
    self.batch = batch.map { BatchSize($0) }
    if batch == nil, drawn > 0 { order = inputs.fileBytes.flatMap { DrawnOrder(sizes: $0, count: drawn) } }
    let environment = environmentBytes ?? Environment.argumentBytes
    self.maxLineBytes = maxLineBytes
    if case .spread(let calls) = batch { self.calls = calls }
    room =
      maxLineBytes.map { max(1, $0 - (recipe.template?.fixedLineBytes ?? 0)) } ?? recipe.template?.room(
        argumentBytes: SystemConstant.maxArgumentBytes, environmentBytes: environment) ?? 1 << 20
    guard batch == nil || (inputs.columns == 1 && recipe.template?.namesColumns != true) else {
      throw AdvisorError(
        .usage, "a batch takes its inputs from one list, and all of them at once",
        advice: "use {} for the inputs and a single :::; -N 2 has {1} and {2}")
    }
  }

  /// Inputs in all; nil while that is unknown.
  var total: Int? { isAtEnd ? taken : inputs.count }

  /// Bytes of the files that all inputs name; nil while that is unknown.
  var totalFileBytes: Double? { inputs.fileBytes.map { $0.reduce(0, +) } }

  package var descriptor: Int32? { inputs.descriptor }

  /// Tells how long a call took, for the size of those to come.
  package func ended(_ task: RunTask, seconds: Double) { batch?.add(seconds: seconds, inputs: task.weight) }

  /// The same for the same work on the same inputs in every run.
  func hash(of row: [[UInt8]]) -> UInt64 { recipe.hash(of: row, inputs.identity(of: row)) }

  /// - Parameter workers: how many share what is left.
  package func next(workers: Int) -> Next {
    guard let batch else { return order == nil ? nextSingle() : nextDrawn() }
    let most = share ?? batch.count(left: total.map { $0 - taken }, workers: workers)
    while pending.count < most, pendingBytes < room {
      switch nextRow() {
      // A size of the user's own is waited for; one of ours is no reason to.
      case .waiting: return pending.isEmpty || batch.isFixed ? .waiting : .task(takePending(pending.count))
      case .end:
        isAtEnd = true
        share = share ?? calls.map { max(1, (pending.count + $0 - 1) / $0) }
        return pending.isEmpty ? .end : .task(takePending(min(pending.count, share ?? .max)))
      case .inputs(let row):
        taken += 1
        let task = RunTask(sequence: 0, inputs: row, fileBytes: fileBytes(of: row, at: taken - 1))
        if let ending = takeDone(task) { return .skipped(task, ending) }
        pending += row
        pendingFileBytes.append(task.fileBytes)
        pendingBytes += bytes(of: row)
      }
    }
    // The last one is left for the next call where it is one too many.
    let fitting = pendingBytes > room && pending.count > 1 ? pending.count - 1 : pending.count
    return .task(takePending(min(most, fitting)))
  }

  private func nextRow() -> InputRow {
    guard fault == nil else { return .end }
    do { return try inputs.next() } catch {
      fault = error
      return .end
    }
  }

  private func takeDone(_ task: RunTask) -> DoneTasks.Ending? {
    done.take(hash: hash(of: task.inputs), words: recipe.form(of: task))
  }

  private func nextSingle() -> Next {
    switch nextRow() {
    case .waiting: return .waiting
    case .end:
      isAtEnd = true
      return .end
    case .inputs(let row):
      taken += 1
      sequence += 1
      return next(row, at: sequence)
    }
  }

  private func nextDrawn() -> Next {
    guard let place = order?.next() else {
      isAtEnd = true
      return .end
    }
    taken += 1
    return next(inputs.inputs(of: place), at: place + 1)
  }

  private func next(_ row: [[UInt8]], at sequence: Int) -> Next {
    let task = RunTask(sequence: sequence, inputs: row, fileBytes: fileBytes(of: row, at: sequence - 1))
    return takeDone(task).map { .skipped(task, $0) } ?? .task(task)
  }

  /// Before the task runs: it may leave no file behind.
  private func fileBytes(of row: [[UInt8]], at place: Int) -> Double? {
    if let known = inputs.fileBytes { return known[place] }
    guard namesFiles else { return nil }
    let bytes = InputFiles.bytes(of: row)
    looked = (looked.count + 1, looked.files + (bytes == nil ? 0 : 1))
    return bytes
  }

  /// Whether the inputs of a stream may name files: as long as of the first few one did.
  private var namesFiles: Bool { looked.files > 0 || looked.count < 16 }

  private func bytes(of inputs: [[UInt8]]) -> Int {
    inputs.reduce(0) { $0 + (recipe.template?.bytes(of: $1, isLine: maxLineBytes != nil) ?? $1.count) }
  }

  private func takePending(_ count: Int) -> RunTask {
    sequence += 1
    let inputs = Array(pending.prefix(count))
    let files = pendingFileBytes.prefix(count).compactMap(\.self)
    pending.removeFirst(count)
    pendingFileBytes.removeFirst(count)
    pendingBytes = bytes(of: pending)
    return RunTask(
      sequence: sequence, inputs: inputs, weight: count, fileBytes: files.isEmpty ? nil : files.reduce(0, +))
  }
}

extension TaskSource {
  /// Which of these inputs, if they come in this order, an earlier run has done: their places.
  package func done(among inputs: [[UInt8]]) -> Set<Int> {
    done.places(of: inputs.enumerated().map { RunTask(sequence: $0 + 1, inputs: [$1]) }, recipe)
  }
}
