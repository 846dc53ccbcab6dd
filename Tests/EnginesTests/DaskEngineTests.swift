import AdvisorCore
import AdvisorTestSupport
import Foundation
import Glibc
import Testing
@testable import Engines
@testable import Tasks

/// What the program that drives Dask does by itself; `Scripts/test-engines.py` has it drive a real one.
@Suite("Driving Dask", .enabled(if: TestPython.isThere, "there is no python3 in /usr/bin"))
struct DaskEngineTests {
  private let folder: TemporaryFolder
  private let python = TestPython.path ?? ""

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("advisor_dask.py", PythonSource.dask)
  }

  @Test(
    "A Dask that is too old, or broken, is named with what to install",
    arguments: [
      ("__version__ = '2021.9.1'", "has dask.distributed 2021.9.1, which is too old", "'distributed>=2022.6'"),
      ("", "has dask.distributed without a version, which is too old", "'distributed>=2022.6'"),
      ("import nosuchmodule", "cannot import dask.distributed: No module named 'nosuchmodule'", "pip install"),
      ("raise AttributeError('no such thing')", "raised AttributeError: no such thing", "--force-reinstall"),
    ])
  func unfit(source: String, problem: String, advice: String) throws {
    try folder.write("distributed/__init__.py", source)
    let wrapper = try folder.write("python", "#!/bin/sh\nPYTHONPATH='\(folder.path)' exec \(python) \"$@\"\n")
    chmod(wrapper, 0o755)
    var options = DaskOptions()
    options.interpreter = wrapper
    #expect {
      _ = try EngineRunner(
        DaskEngine(options), .function("a:b"), TaskInputs(lists: [InputList([Array("1".utf8)])])
      ).run()
    } throws: { error in
      guard let error = error as? AdvisorError else { return false }
      return error.code == .unavailable && error.problem.contains(problem) && error.advice.contains(advice)
    }
  }

  /// Tasks of 2 ms in two slots: calls of 20 ms, and 0.2 s of work for each slot on its way.
  @Test(
    "Short tasks go to Dask together, also when they come one by one; smaller calls end all slots together",
    arguments: [(1000, 20, 10, 800), (100, 20, 10, 0), (4, 4, 1, 0)])
  func chunks(tasks: Int, calls: Int, most: Int, left: Int) throws {
    let script = """
      import advisor_dask
      engine = advisor_dask.Engine(None, None, ".")
      engine.inventory, engine.count, engine.seconds = [{"slots": 2}], 8, 0.016
      sent = []
      def send(chunks):
          sent.extend(chunks)
          engine.futures.update((chunk[0]["id"], chunk) for chunk in chunks)
      # While Dask has enough, what comes waits here.
      engine.send = send
      engine.futures = dict.fromkeys(range(-20, 0))
      for id in range(\(tasks)): engine.submit([{"id": id}])
      assert not sent
      engine.futures = {}
      engine.hand_out()
      print(len(sent), max(map(len, sent)), len(engine.backlog))
      """
    let process = try LineProcess([python, "-c", script], environment: ["PYTHONPATH=\(folder.path)", "PATH=/usr/bin"])
    #expect(process.next(within: 30) == .line("\(calls) \(most) \(left)"), "\(process.lastComplaint ?? "")")
  }
}
