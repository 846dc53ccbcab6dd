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

  /// Whether it must have all memory to itself.
  var runsAlone: Bool { memoryKills > 0 }
}
