import Runtimes
import Testing

struct ProjectLineTests {
  private func lines(_ files: [String: String]) -> [String] {
    ProjectLine.lines(for: Set(files.keys)) { files[$0] }.map(\.line)
  }

  /// The options are those of the tools' own manuals.
  @Test(arguments: [
    (["Makefile": ""], "make -j$(advisor cpus)"),
    (["CMakeLists.txt": "", "Makefile": ""], "cmake --build build -j$(advisor cpus)"),
    (["Cargo.toml": ""], "cargo build -j $(advisor cpus)"),
    (["build.gradle.kts": ""], "gradle --max-workers=$(advisor cpus) build"),
    (["package.json": #"{"devDependencies": {"jest": "^29"}}"#], "advisor tune -- npx jest --maxWorkers={n}"),
    (
      ["package.json": #"{"devDependencies": {"@playwright/test": "1"}}"#],
      "advisor tune -- npx playwright test --workers={n}"
    ),
    (["package.json": "{}"], "advisor exec -- npm test"),
    (["pyproject.toml": "[tool.pytest.ini_options]"], "advisor tune -- pytest -n {n}"),
    (["setup.py": "", "tests": ""], "advisor tune -- pytest -n {n}"),
    (["tests": "", "tests/test_fit.py": ""], "advisor tune -- pytest -n {n}"),
    (["pytest.ini": ""], "advisor tune -- pytest -n {n}"),
  ])
  func `A project's own files tell what to type first`(files: [String: String], line: String) {
    #expect(lines(files).first == (line))
  }

  @Test(arguments: [
    [:], ["tests": ""], ["tests": "", "tests/fit.cpp": ""], ["pyproject.toml": "[project]"], ["notes.txt": "pytest"],
  ])
  func `Where nothing is known, nothing is said`(files: [String: String]) {
    #expect(lines(files).isEmpty)
  }

  @Test func `A project of two languages gets a line for each`() {
    let found = lines(["Makefile": "", "pyproject.toml": "pytest"])
    #expect(found.prefix(2) == ["make -j$(advisor cpus)", "advisor tune -- pytest -n {n}"])
  }
}
