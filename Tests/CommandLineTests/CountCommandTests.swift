import Testing

/// `cpus`, `env` and `exec` as shells and commands see them. Exit codes: sysexits.h, and POSIX's “Command Search and
/// Execution” for a command that is not found (127) or cannot be executed (126).
@Suite struct CountCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  /// Without what the tests themselves were started with, such as make's flags.
  private func shell(_ line: String) throws -> Program.Outcome {
    try program.shell(#"export MAKEFLAGS= JAVA_TOOL_OPTIONS= OMP_NUM_THREADS=; "# + line)
  }

  @Test(
    "The exit status says what went wrong, or is the command's own",
    arguments: [
      ("exec", 64), ("exec --", 64), ("exec --bogus -- true", 64), ("exec --cpus 0 -- true", 64),
      ("exec --cpus=-1 -- true", 64), ("exec --cpus 10000 -- true", 64), ("exec --cpus abc -- true", 64),
      ("exec -- /missing", 127), ("exec -- ''", 127), ("exec -- /tmp", 126), ("exec -- /dev/null", 126),
      ("exec -- sh -c 'exit 37'", 37), ("exec -- sh -c 'kill -9 $$'", 137), ("cpus --max 0", 64),
      ("cpus --memory-per-worker 0", 64), ("env --only NO_SUCH", 64), ("env --format csh", 64), ("cpus >&-", 73),
      ("env >/dev/full", 73),
    ])
  func exitStatus(words: String, status: Int32) throws {
    #expect(try shell("$ADVISOR \(words)").status == status)
  }

  @Test("The count respects the affinity mask and disregards OpenMP's own number")
  func affinity() throws {
    let one = "taskset -c $(sed -n 's/^Cpus_allowed_list:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/self/status)"
    #expect(try shell("\(one) $ADVISOR cpus").output == "1\n")
    #expect(try shell("OMP_NUM_THREADS=4095 \(one) $ADVISOR cpus").output == "1\n")
    #expect(try shell("OMP_NUM_THREADS=1 $ADVISOR cpus").output == shell("$ADVISOR cpus").output)
  }

  @Test("The command is the same process, with the signals that were ignored")
  func sameProcess() throws {
    let ids = try shell("sh -c 'echo $$; exec $ADVISOR exec --affinity -- sh -c \"echo \\$\\$\"'").output
    #expect(Set(ids.split(separator: "\n")).count == 1 && ids.count > 2, "\(ids)")
    let show = "grep -E '^Sig(Blk|Ign)' /proc/self/status"
    let outcome = try shell("trap '' INT PIPE USR1; \(show) > plain; $ADVISOR exec -- \(show) | cmp - plain")
    #expect(outcome.status == 0)
  }

  @Test("A stream that was closed is closed to the command", arguments: [0, 1, 2])
  func closedStreams(stream: Int) throws {
    let look = "[ -e /proc/$$/fd/\(stream) ] && echo open > seen || echo closed > seen"
    #expect(try shell("$ADVISOR exec -- sh -c '\(look)' \(stream)>&-; cat seen").output == "closed\n")
  }

  @Test("Other descriptors reach the command")
  func descriptors() throws {
    let outcome = try shell("echo in > in; $ADVISOR exec -- sh -c 'cat <&3 >&4' 3<in 4>out; cat out")
    #expect(outcome.output == "in\n")
  }

  @Test(
    "The command's words are its own",
    arguments: [
      ("exec -- echo -- --force --cpus 3", "-- --force --cpus 3\n"), ("exec --cpus 1 echo --cpus 5", "--cpus 5\n"),
      ("exec --cpus 1 -- sh -c 'echo $OMP_NUM_THREADS'", "1\n"),
      ("exec -- printf %s \"$(printf '\\377')\" | od -An -tx1", " ff\n"),
    ])
  func words(words: String, output: String) throws {
    #expect(try shell("$ADVISOR \(words)").output == output)
  }

  @Test("The mask is narrowed, which a command sees that reads no variable")
  func narrowedMask() throws {
    let line = "$ADVISOR exec --cpus 1 --affinity -- grep Cpus_allowed_list /proc/self/status"
    #expect(try shell(line).output.split(separator: "\t").last?.dropLast().allSatisfy(\.isNumber) == true)
  }

  @Test(
    "What a shell evaluates gives the user's own options back",
    arguments: ["it's", "a\nb", "'\u{301}x", "$(touch x) `id` \\ \"$HOME\"", "*", "100 %"])
  func evaluated(value: String) throws {
    _ = try program.file("value", value)
    let outcome = try shell(
      "JAVA_TOOL_OPTIONS=$(cat value); eval \"$($ADVISOR env --for build)\"; printf %s \"${JAVA_TOOL_OPTIONS% -XX*}\"")
    #expect(outcome.output == value)
    #expect(outcome.complaint.isEmpty)
  }

  @Test("A value that is no UTF-8 reaches the command as it is")
  func noText() throws {
    let line =
      "JAVA_TOOL_OPTIONS=$(printf '\\377') $ADVISOR exec -- sh -c 'printf %s \"$JAVA_TOOL_OPTIONS\"' | od -An -tx1"
    #expect(try shell(line).output == " ff\n")
  }

  @Test("A Dockerfile goes without a value that it cannot hold, and that is said")
  func dockerfile() throws {
    let outcome = try shell(
      "JAVA_TOOL_OPTIONS='a\nUSER root' $ADVISOR env --format dockerfile --only JAVA_TOOL_OPTIONS")
    #expect(outcome.output.isEmpty)
    #expect(outcome.complaint.contains("JAVA_TOOL_OPTIONS is left out"))
  }

  /// GNU make's manual, “POSIX Jobserver Interaction”.
  @Test("Inside a make that hands out its slots no number of jobs is set")
  func make() throws {
    _ = try program.file(
      "Makefile", "all:\n\t@$(ADVISOR) exec -- sh -c 'echo \"$${CMAKE_BUILD_PARALLEL_LEVEL-none} $$MAKEFLAGS\"'\n")
    let words = try shell("unset CMAKE_BUILD_PARALLEL_LEVEL; make -s -j2").output.split(whereSeparator: \.isWhitespace)
    #expect(words.first == "none")
    #expect(words.count { $0.hasPrefix("-j") } == 1, "\(words)")
  }
}
