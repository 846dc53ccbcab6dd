public import AdvisorCore

/// What is done with each input.
public enum TaskRecipe: Sendable {
  /// A program is started with it.
  case command(CommandTemplate)
  /// A Python function, named as `module:function`, is called with it: the text of a JSON value.
  case function(String)
  /// It is the number of a task of this built-in job, from 0, which is done.
  case builtIn(Job)

  package var template: CommandTemplate? { if case .command(let template) = self { template } else { nil } }

  /// How a task reads in logs and messages: as the words of a command line.
  package func words(for task: RunTask, slot: Int) -> [[UInt8]] {
    switch self {
    case .command(let template): template.arguments(for: task.inputs, sequence: task.sequence, slot: slot)
    case .function(let name): [Array(name.utf8)] + task.inputs
    case .builtIn(let job): [Array(job.text.utf8)] + task.inputs
    }
  }

  /// How a task is shown, on one line.
  func text(of task: RunTask, slot: Int = 1) -> String {
    template?.text(for: task.inputs, sequence: task.sequence, slot: slot)
      ?? ShellQuoting.text(words(for: task, slot: slot))
  }

  /// The same words with gaps for what a run alone decides.
  func form(of task: RunTask) -> [[UInt8]] {
    template?.form(for: task.inputs, sequence: task.sequence) ?? words(for: task, slot: 1)
  }

  /// The same for the same work on the same inputs in every run.
  ///
  /// - Parameter identity: what tells inputs apart beside what they are.
  func hash(of inputs: [[UInt8]], _ identity: [[UInt8]] = []) -> UInt64 {
    switch self {
    case .command(let template): template.hash(of: inputs, identity)
    case .function(let name): FNV1a.hash([Array("python".utf8), Array(name.utf8)] + inputs)
    case .builtIn(let job): FNV1a.hash([Array("job".utf8), Array(job.text.utf8)] + inputs)
    }
  }

  package func validate(_ inputs: TaskInputs) throws(AdvisorError) {
    if let template { return try template.validate(inputs: inputs.columns) }
    guard inputs.columns == 1 else {
      throw AdvisorError(.usage, "each call takes one input, not \(inputs.columns)", advice: "give one list of inputs")
    }
  }
}
