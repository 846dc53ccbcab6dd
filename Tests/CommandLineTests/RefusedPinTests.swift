import AdvisorTestSupport
import Foundation
import Testing

/// Where the kernel lets no program choose its CPUs, as under the filters of systemd, snap and containers, work goes on
/// unpinned, and that is said once.
@Suite(.enabled(if: PinFilter.isAllowed, "needs python3 and seccomp"))
struct RefusedPinTests {
  private let program: Program

  init() throws { program = try Program() }

  @Test("A job runs unpinned", arguments: ["sequential", "threads", "processes", "tasks"])
  func aJobRunsUnpinned(strategy: String) throws {
    let profile = try program.file("profile.json", SampleProfile.json)
    let outcome = try program.run(
      "run", "--job", "cpu:4x1e5", "--strategy", strategy, "--workers", "1", "--profile", profile, "--json",
      wrapper: PinFilter.words)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output.contains("\"tasks\" : 4") || outcome.output.contains("\"tasks\":4"), "\(outcome.output)")
    let notes = outcome.complaint.split(separator: "\n").filter { $0.contains("sched_setaffinity") }
    // Only threads and processes have a place of their own.
    #expect(notes.count == (["threads", "processes"].contains(strategy) ? 1 : 0), "\(outcome.complaint)")
  }

  @Test("A calibration measures CPU costs and says where")
  func aCalibrationMeasuresCPUCostsAndSaysWhere() throws {
    let outcome = try program.run("calibrate", "--level", "quick", "--json", wrapper: PinFilter.words)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let profile = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let costs = try #require(profile["variableCosts"] as? [String: Any])
    #expect((costs["kernels"] as? [Any])?.isEmpty == false)
    let quality = try #require(profile["quality"] as? [[String: Any]]).compactMap { $0["text"] as? String }
    #expect(quality.filter { $0.contains("sched_setaffinity") }.count == 1, "\(quality)")
    #expect(!quality.contains { $0.hasPrefix("Not measured") }, "\(quality)")
  }
}

private enum PinFilter {
  /// Starts what follows under a filter that answers EPERM to `sched_setaffinity` (seccomp(2)).
  static let words = [
    "python3", "-c",
    """
    import ctypes, os, struct, sys
    number = {"x86_64": 203, "aarch64": 122}[os.uname().machine]
    code = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x50001), (0x06, 0, 0, 0x7fff0000)]
    rules = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in code))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code), ctypes.addressof(rules)))
    libc = ctypes.CDLL(None)
    assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program) == 0
    os.execvp(sys.argv[1], sys.argv[1:])
    """,
  ]

  /// `taskset` fails under the filter, and so shows that it holds.
  static let isAllowed: Bool = {
    guard let outcome = try? Program().shell("\(quoted(words)) taskset -c 0-4095 true 2>&1") else { return false }
    return outcome.output.contains("Operation not permitted")
  }()

  private static func quoted(_ words: [String]) -> String {
    words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
  }
}
