import AdvisorCore

/// Job strings and quantities. What can be read says the same when it is written and read again.
enum Jobs {
  static func feed(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    _ = Quantity.bytes(text[...])
    _ = Quantity.seconds(text[...])
    do {
      let job = try Job(text)
      let again = try? Job(job.stages.map { "\($0)" }.joined(separator: "+"))
      precondition(again?.stages == job.stages, "the job reads otherwise when it is written out")
    } catch {
      _ = error.description
    }
  }
}
