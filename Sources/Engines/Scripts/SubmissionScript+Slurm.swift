public import AdvisorCore
import Tasks

extension SubmissionScript {
  /// A script for `sbatch`, whose array tasks each do a chunk.
  ///
  /// - Parameters:
  ///   - arguments: further ones for `sbatch`, such as `--partition=long`.
  ///   - interpreter: calls functions on the nodes.
  /// - Throws: ``AdvisorError`` (usage) where Slurm would not take it.
  public func slurm(arguments: [String] = [], interpreter: String = "python3") throws(AdvisorError) -> String {
    guard calls.count <= Self.maxElements else {
      let least = (tasks + Self.maxElements - 1) / Self.maxElements
      throw AdvisorError(
        .usage, "\(calls.count) array tasks are more than the \(Self.maxElements) that Slurm takes by default",
        advice: "put more tasks into each: --chunk \(least)")
    }
    let options = ["--job-name=advisor", "--array=0-\(calls.count - 1)", "--output=advisor-%A_%a.out"] + arguments
    let cases = (0..<calls.count).map { index in
      "\(index))\n" + lines(index).map { "  \($0) || failed=1\n" }.joined() + "  ;;\n"
    }
    let text = """
      #!/bin/bash
      \(options.map { "#SBATCH \($0)" }.joined(separator: "\n"))
      #
      # \(title)
      # \(size(of: "array task")) What a task prints is in advisor-JOB_INDEX.out, beside this file.
      \(remarks.map { "# \($0)\n" }.joined())
      failed=0
      \(caller(interpreter))case $SLURM_ARRAY_TASK_ID in
      \(cases.joined())esac
      exit $failed

      """
    guard text.utf8.count <= Self.maxBytes else {
      throw AdvisorError(
        .usage,
        "the script would have \(Quantity.text(bytes: Double(text.utf8.count))), and Slurm takes 4 MiB by default",
        advice: "have advisor submit the tasks: advisor run --engine slurm")
    }
    return text
  }

  private func lines(_ index: Int) -> [String] {
    switch calls {
    case .commands(let calls): calls[index].map(ShellQuoting.text)
    case .function(_, let calls): [ShellQuoting.text([Array("call".utf8)] + calls[index])]
    }
  }

  /// A function of the shell's that calls one of Python's with each JSON value that it is given; empty for commands.
  private func caller(_ interpreter: String) -> String {
    guard case .function(let name, _) = calls else { return "" }
    let python = ShellQuoting.text([interpreter, "-c", Self.program(calling: name)].map { Array($0.utf8) })
    return #"""

      # Prints a result a line. Python writes a dot to descriptor 3 for each value that it begins, and an exclamation mark at
      # the end: should a call end it, those behind go on in another.
      call() {
        local begun status=0
        while [ $# -gt 0 ]; do
          begun=$(\#(python) "$@" 3>&1 >&4) || status=1
          [ -n "$begun" ] || return 1
          [ "$begun" = "${begun%!}" ] && status=1
          begun=${begun%!}
          shift ${#begun}
        done
        return $status
      } 4>&1


      """#
  }

  private static func program(calling name: String) -> String {
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    let (module, function) = (parts[0], parts.last ?? "")
    return """
      import sys
      sys.path[:] = [folder for folder in sys.path if folder]
      import json, os, traceback
      results = open(os.dup(1), "w")
      sys.path.insert(0, "")
      import \(module)
      failed = 0
      for text in sys.argv[1:]:
          os.write(3, b".")
          try:
              print(json.dumps(\(module).\(function)(json.loads(text))), file=results, flush=True)
          except BaseException:
              failed = 1
              print(text, traceback.format_exc(), sep=": ", end="", file=sys.stderr, flush=True)
      os.write(3, b"!")
      sys.exit(failed)
      """
  }

  /// `100 tasks, 4 in each array task.`
  func size(of call: String) -> String {
    "\(count(tasks, "task")), \(chunk) in each \(call)."
  }
}
