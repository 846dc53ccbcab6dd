/// A task of a run: its inputs, and how often it was tried.
package struct RunTask {
  /// From 1.
  package var sequence: Int
  package var inputs: [[UInt8]]
  /// Inputs that it does at once: of a batch all, else it counts as one.
  package var weight = 1
  /// Of the files that its inputs name; nil where they name none.
  var fileBytes: Double?
  package var attempt = 1
  /// How often the kernel has killed it for want of memory; such an attempt is none of the user's retries.
  var memoryKills = 0
  /// How often the worker that had it was lost; such an attempt is none of the user's retries either.
  package var losses = 0
  /// Where its output is kept, once it has been started.
  var resultsFolder: String?

  /// How often it has given way to others for want of memory, and the most that it held then, in bytes.
  private(set) var reliefs = 0
  private(set) var heldBytes = 0.0

  /// Whether it must have all memory to itself: who gives way twice would do so again.
  var runsAlone: Bool { memoryKills > 0 || reliefs > 1 }

  /// The same task once it has given way to others, with what it held, in bytes.
  func afterGivingWay(_ bytes: Double) -> RunTask {
    var task = self
    task.reliefs += 1
    task.heldBytes = max(task.heldBytes, bytes)
    return task
  }
}
