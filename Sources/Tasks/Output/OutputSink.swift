internal import AdvisorCore

/// Takes what a task writes, as it comes.
protocol OutputSink: AnyObject {
  var count: Int { get }

  /// - Throws: `AdvisorError` (cannotWrite) where it cannot be kept.
  func append(_ bytes: UnsafeRawBufferPointer) throws(AdvisorError)
}

extension CapturedOutput: OutputSink {}
