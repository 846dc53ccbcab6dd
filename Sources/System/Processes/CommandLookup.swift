package import AdvisorCore

/// Finds a program as `execvp` does, before the first task, so that a misspelt one fails once.
package enum CommandLookup {
  /// The path of the program.
  ///
  /// - Parameters:
  ///   - path: the folders to look in; nil is this process's `PATH`.
  ///   - directory: where the tasks run, which relative paths start from.
  /// - Throws: `AdvisorError`: notFound when there is none, cannotRun where it may not be run.
  package static func find(_ program: String, path: String? = nil, directory: String? = nil) throws(AdvisorError)
    -> String
  {
    if program.contains("/") {
      guard canRun(resolved(program, directory)) else { throw missing(program, resolved(program, directory)) }
      return program
    }
    let path = path ?? Environment.value("PATH") ?? "/bin:/usr/bin"
    let candidates = path.split(separator: ":", omittingEmptySubsequences: false).map { folder in
      folder.isEmpty ? "./\(program)" : "\(folder)/\(program)"
    }
    guard let found = candidates.first(where: { canRun(resolved($0, directory)) }) else {
      throw AdvisorError(
        .notFound, "there is no command “\(program)” on PATH",
        advice: "check its spelling, install it, or give its whole path")
    }
    return found
  }

  private static func resolved(_ path: String, _ directory: String?) -> String {
    guard let directory, !path.hasPrefix("/") else { return path }
    return "\(directory)/\(path)"
  }

  private static func canRun(_ path: String) -> Bool {
    FileStatus(path: path)?.isFile == true && FileAccess.canExecute(path)
  }

  private static func missing(_ program: String, _ path: String) -> AdvisorError {
    guard FileAccess.exists(path) else {
      return AdvisorError(.notFound, "there is no command “\(program)”", advice: "check its path")
    }
    guard FileStatus(path: path)?.isFolder != true else {
      return AdvisorError(.cannotRun, "“\(program)” is a folder", advice: "name a program in it")
    }
    return AdvisorError(
      .cannotRun, "“\(program)” is not a program that may be run", advice: "make it executable: chmod +x \(program)")
  }
}
