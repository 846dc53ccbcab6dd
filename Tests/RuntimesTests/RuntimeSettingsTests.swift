import AdvisorCore
import Testing

@testable import Runtimes

@Suite struct RuntimeSettingsTests {
  private static let choices = CPUCount.Choices(build: 4, barrier: 3, server: 2)

  private static func value(
    _ name: String, over user: String? = nil, force: Bool = false, makeFlags: String? = nil
  ) -> RuntimeSettings.Variable? {
    var environment = ["MAKEFLAGS": makeFlags]
    if let user { environment[name] = user }
    return RuntimeSettings(choices, force: force) { environment[$0] ?? nil }.variables.first { $0.name == name }
  }

  @Test("At least 30 variables of 20 runtimes are known, each once, with a link")
  func knownVariables() {
    let table = RuntimeSettings.table
    #expect(table.count >= 30 && Set(table.map(\.runtime)).count >= 20)
    #expect(Set(table.map(\.name)).count == table.count)
    #expect(table.allSatisfy { $0.link.hasPrefix("https://") && !$0.since.isEmpty })
  }

  @Test(
    "Each variable gets its own kind's count in its own form",
    arguments: [
      ("OMP_NUM_THREADS", "3"), ("MAKEFLAGS", "-j4"), ("GOMAXPROCS", "2"), ("PIGZ", "-p 4"),
      ("XZ_DEFAULTS", "--threads=4"),
      ("JAVA_TOOL_OPTIONS", "-XX:ActiveProcessorCount=2"), ("DEB_BUILD_OPTIONS", "parallel=4"),
      // libuv's own default, below which file access would wait for nothing.
      ("UV_THREADPOOL_SIZE", "4"),
    ])
  func counts(name: String, value: String) {
    #expect(
      Self.value(name) == .init(name: name, value: value, kind: Self.value(name)?.kind ?? .build, setByUser: false))
  }

  @Test(
    "What the user has set stays",
    arguments: [
      ("OMP_NUM_THREADS", "9", "9"), ("MAKEFLAGS", "-j9", "-j9"), ("MAKEFLAGS", "-k --jobs=9", "-k --jobs=9"),
      ("JAVA_TOOL_OPTIONS", "-Xmx1g -XX:ActiveProcessorCount=9", "-Xmx1g -XX:ActiveProcessorCount=9"),
      ("XZ_DEFAULTS", "-T9", "-T9"), ("HARNESS_OPTIONS", "c:j9", "c:j9"),
      ("JAVA_TOOL_OPTIONS", "-Xmx1g\n-XX:ActiveProcessorCount=9", "-Xmx1g\n-XX:ActiveProcessorCount=9"),
      // Several letters behind one dash, and make's first word without one, as GNU make 4.3 and xz 5.4 take them.
      ("MAKEFLAGS", "j9", "j9"), ("MAKEFLAGS", "kj9", "kj9"), ("MAKEFLAGS", "-Rrj9 -- X=1", "-Rrj9 -- X=1"),
      ("MAKEFLAGS", "k -j", "k -j"), ("XZ_DEFAULTS", "-9T0", "-9T0"), ("PIGZ", "-9kp9", "-9kp9"),
      // Bytes that are no UTF-8 reach us replaced, and would be lost.
      ("JAVA_TOOL_OPTIONS", "-Da=\u{FFFD}", "-Da=\u{FFFD}"), ("MAKEFLAGS", "\u{FFFD}=1", "\u{FFFD}=1"),
    ])
  func userSettings(name: String, user: String, kept: String) {
    #expect(Self.value(name, over: user)?.value == kept)
    #expect(Self.value(name, over: user)?.setByUser == true)
  }

  @Test(
    "Options are appended to the user's own",
    arguments: [
      ("MAKEFLAGS", "-k", "-k -j4"), ("JAVA_TOOL_OPTIONS", "-Xmx1g", "-Xmx1g -XX:ActiveProcessorCount=2"),
      ("DEB_BUILD_OPTIONS", "nocheck", "nocheck parallel=4"), ("HARNESS_OPTIONS", "c", "c:j4"),
      // make reads nothing behind `--` as an option, and writes its variables there.
      ("MAKEFLAGS", "k -- X=1", "k -j4 -- X=1"), ("MAKEFLAGS", " -- X=-j9", "-j4  -- X=-j9"),
      ("MAKEFLAGS", "--", "-j4 --"),
      ("MAKEFLAGS", "jobs=9", "jobs=9 -j4"), ("MAKEFLAGS", "-Ij", "-Ij -j4"), ("MAKEFLAGS", "-k\t", "-k -j4\t"),
      ("JAVA_TOOL_OPTIONS", "-Da='x -- y'", "-Da='x -- y' -XX:ActiveProcessorCount=2"),
    ])
  func appended(name: String, user: String, joined: String) {
    #expect(Self.value(name, over: user)?.value == joined)
    #expect(Self.value(name, over: user)?.setByUser == false)
  }

  @Test("With force ours comes last, so that it decides")
  func forced() {
    #expect(Self.value("OMP_NUM_THREADS", over: "9", force: true)?.value == "3")
    #expect(Self.value("MAKEFLAGS", over: "-j9", force: true)?.value == "-j9 -j4")
  }

  /// GNU make's manual, "POSIX Jobserver Interaction".
  @Test(
    "Inside a make that hands out its slots no number of jobs is set",
    arguments: ["-j --jobserver-auth=3,4", "k -j8 --jobserver-auth=fifo:/tmp/x", " --jobserver-fds=3,4 -j"])
  func make(flags: String) {
    for name in ["MAKEFLAGS", "CMAKE_BUILD_PARALLEL_LEVEL", "CARGO_BUILD_JOBS"] {
      #expect(Self.value(name, makeFlags: flags) == nil, "\(name)")
    }
    #expect(Self.value("OMP_NUM_THREADS", makeFlags: flags) != nil)
  }

  @Test("An option that breaks some programs is set only by name")
  func riskyOption() {
    let names = RuntimeSettings(Self.choices) { _ in nil }.variables.map(\.name)
    #expect(!names.contains("GHCRTS"))
    let named = RuntimeSettings(Self.choices, only: ["GHCRTS"]) { _ in nil }.variables
    #expect(named.map(\.value) == ["-N4"])
  }
}
