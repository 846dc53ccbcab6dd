import AdvisorCore
import AdvisorTestSupport
import Glibc
import Testing
@testable import Engines

@Suite("Interpreters that are none") struct PythonInterpreterTests {
  @Test(
    "What is no Python, or too old, is named with what is needed",
    arguments: [
      ("nosuchpython", nil, "there is no Python interpreter"),
      ("old", "printf '2.7.18\\n/usr/bin/python2\\n'", "is Python 2.7.18, and Python 3.9 or later is needed"),
      ("other", "echo hello; echo world", "is not a Python interpreter"),
    ])
  func refused(name: String, script: String?, words: String) throws {
    let folder = try TemporaryFolder()
    var path = name
    if let script {
      path = try folder.write(name, "#!/bin/sh\n\(script)\n")
      chmod(path, 0o755)
    }
    #expect {
      _ = try PythonInterpreter(path)
    } throws: { error in
      (error as? AdvisorError)?.code == .unavailable && "\(error)".contains(words)
    }
  }

  @Test("An interpreter tells who it is", .enabled(if: TestPython.isThere))
  func tellsWhoItIs() throws {
    let python = try PythonInterpreter(try #require(TestPython.path))
    #expect(python.version.hasPrefix("3.") && python.path.hasPrefix("/"))
  }
}
