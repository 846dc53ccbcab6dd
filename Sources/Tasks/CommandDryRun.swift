public import AdvisorCore
import System

/// Shows what a run would do.
public enum CommandDryRun {
  /// Writes the command of each task, one a line, quoted for a shell, and starts none of them.
  ///
  /// - Parameter options: of which the inputs of a call, the length of its line and the blocks count here.
  /// - Throws: `AdvisorError` when the inputs cannot be read or the lines not be written.
  public static func run(
    _ template: CommandTemplate, _ inputs: TaskInputs, _ options: TaskOptions = TaskOptions(), to output: Int32 = 1
  ) throws(AdvisorError) {
    try template.validate(inputs: inputs.columns)
    let source = try TaskSource(inputs, .command(template), batch: options.batch, maxLineBytes: options.maxLineBytes)
    while true {
      switch source.next(workers: 1) {
      case .task(let task):
        options.blocks?.release(task.sequence)
        let text = template.text(for: task.inputs, sequence: task.sequence, slot: 1)
        let line = Array("\(text)\n".utf8)
        let code = line.withUnsafeBytes { FileWriting.writeAll($0, to: output) }
        guard code == 0 else {
          throw AdvisorError(
            .cannotWrite, "cannot write the commands: \(Errno(code).text)",
            advice: "check where the output goes")
        }
      case .waiting:
        Poll.waitToRead(source.descriptor ?? -1)
      case .skipped: break
      case .end:
        if let fault = source.fault { throw fault }
        return
      }
    }
  }
}
