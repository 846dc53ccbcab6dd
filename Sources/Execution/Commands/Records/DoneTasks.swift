/// The tasks that an earlier run has done, by its journal or, where there is none, by its log.
final class DoneTasks {
  private let journal: CommandJournal?
  private var log: JobLogRecords?
  private let resume: CommandOptions.Resume

  init(_ journal: CommandJournal? = nil, _ log: JobLogRecords? = nil, _ resume: CommandOptions.Resume? = nil) {
    self.journal = journal
    self.log = log
    self.resume = resume ?? .ended
  }

  /// Whether the task is one of them. Each record stands for one task.
  func takes(_ inputs: [[UInt8]], _ recipe: TaskRecipe, sequence: Int) -> Bool {
    if let journal { return journal.takes(recipe.hash(of: inputs)) }
    guard log != nil else { return false }
    return log?.takes(recipe.words(for: CommandTask(sequence: sequence, inputs: inputs), slot: 1), resume) == true
  }

  /// The places of those tasks that are among them; no record is used up.
  func places(of tasks: [CommandTask], _ recipe: TaskRecipe) -> Set<Int> {
    var log = log
    return Set(
      tasks.indices.filter { place in
        let task = tasks[place]
        if let journal { return journal.has(recipe.hash(of: task.inputs)) }
        return log?.takes(recipe.words(for: task, slot: 1), resume) == true
      })
  }
}
