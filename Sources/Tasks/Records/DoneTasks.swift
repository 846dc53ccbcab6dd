/// The tasks that have ended in an earlier run, by its journal or, where there is none, by its log.
package final class DoneTasks {
  package enum Ending { case succeeded, failed }

  private let journal: TaskJournal?
  private var log: JobLogRecords?

  init(_ journal: TaskJournal? = nil, _ log: JobLogRecords? = nil) {
    self.journal = journal
    self.log = log
  }

  /// How the task has ended, where it has and is to be left out for that. Each record stands for one task.
  ///
  /// - Parameters:
  ///   - hash: by which a journal knows it.
  ///   - words: by which a log does.
  func take(hash: @autoclosure () -> UInt64, words: @autoclosure () -> [[UInt8]]) -> Ending? {
    if let journal { return journal.take(hash()) }
    return log == nil ? nil : log?.take(words())
  }

  /// The places of those tasks that are among them; no record is used up.
  func places(of tasks: [RunTask], _ recipe: TaskRecipe) -> Set<Int> {
    var log = log
    return Set(
      tasks.indices.filter { place in
        let task = tasks[place]
        if let journal { return journal.has(recipe.hash(of: task.inputs)) }
        return log?.take(recipe.form(of: task)) != nil
      })
  }
}
