public import AdvisorCore

extension SubmissionScript {
  /// A script for `sbatch`, whose array tasks each do a chunk.
  ///
  /// - Parameters:
  ///   - arguments: further ones for `sbatch`, such as `--partition=long`.
  ///   - interpreter: calls functions on the nodes.
  /// - Throws: ``AdvisorError`` (usage) where Slurm would not take it.
  public func slurm(arguments: [String] = [], interpreter: String = "python3") throws(AdvisorError) -> String {
    guard calls.count <= Self.mostElements else {
      let least = (tasks + Self.mostElements - 1) / Self.mostElements
      throw AdvisorError(
        .usage, "\(calls.count) array tasks are more than the \(Self.mostElements) that Slurm takes by default",
        advice: "put more tasks into each: --chunk \(least)")
    }
    let options = ["--job-name=advisor", "--array=0-\(calls.count - 1)", "--output=advisor-%A_%a.out"] + arguments
    let cases = (0..<calls.count).map { index in
      "\(index))\n" + lines(index, interpreter).map { "  \($0) || failed=1\n" }.joined() + "  ;;\n"
    }
    let text = """
      #!/bin/bash
      \(options.map { "#SBATCH \($0)" }.joined(separator: "\n"))
      #
      # \(title)
      # \(size(of: "array task")) What a task prints is in advisor-JOB_INDEX.out, beside this file.
      \(remarks.map { "# \($0)\n" }.joined())
      failed=0
      case $SLURM_ARRAY_TASK_ID in
      \(cases.joined())esac
      exit $failed

      """
    guard text.utf8.count <= Self.mostBytes else {
      throw AdvisorError(
        .usage,
        "the script would have \(Quantity.text(bytes: Double(text.utf8.count))), and Slurm takes 4 MiB by default",
        advice: "have advisor submit the tasks: advisor run --engine slurm")
    }
    return text
  }

  private func lines(_ index: Int, _ interpreter: String) -> [String] {
    switch calls {
    case .commands(let calls): calls[index].map(ShellQuoting.text)
    case .function(let name, let calls):
      [ShellQuoting.text([interpreter, "-c", Self.caller(of: name)].map { Array($0.utf8) } + calls[index])]
    }
  }

  /// Calls a function with each JSON value that it is given, and prints the results.
  private static func caller(of name: String) -> String {
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    let (module, function) = (parts[0], parts.last ?? "")
    return
      "import json, sys, \(module)\nfor text in sys.argv[1:]: print(json.dumps(\(module).\(function)(json.loads(text))))"
  }

  /// `100 tasks, 4 in each array task.`
  func size(of call: String) -> String {
    "\(tasks) task\(tasks == 1 ? "" : "s"), \(chunk) in each \(call)."
  }
}
