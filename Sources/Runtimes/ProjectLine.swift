/// What to type in a project, by the files that stand in its folder: the line that gives its own tools the right number.
public struct ProjectLine: Sendable, Hashable {
  public var line: String
  public var meaning: String

  /// - Parameters:
  ///   - names: of the files and folders of a project, and of those in its folder of tests: `tests/test_fit.py`.
  ///   - text: what a file of that name holds; nil where it cannot be read.
  /// - Returns: the most useful first.
  public static func lines(for names: Set<String>, text: (String) -> String?) -> [ProjectLine] {
    let tools = table.filter { !names.isDisjoint(with: $0.files) }.map(\.line)
    return tools + scripts(names, text) + tests(names, text)
  }

  private static let table: [(files: Set<String>, line: ProjectLine)] = [
    // CMake and Meson write a Makefile or a build.ninja: theirs is the line that stays right.
    (["CMakeLists.txt"], .init("cmake --build build -j$(advisor cpus)", "build it")),
    (["meson.build"], .init("meson compile -C build -j $(advisor cpus)", "build it")),
    (["Makefile", "GNUmakefile", "makefile"], .init("make -j$(advisor cpus)", "build it")),
    (["build.ninja"], .init("ninja -j $(advisor cpus)", "build it")),
    (["Cargo.toml"], .init("cargo build -j $(advisor cpus)", "build it")),
    (["Package.swift"], .init("swift build -j $(advisor cpus)", "build it")),
    (["go.mod"], .init("advisor exec -- go test ./...", "test it with the CPUs that it may use")),
    (["pom.xml"], .init("mvn -T $(advisor cpus) verify", "build and test it")),
    (
      ["build.gradle", "build.gradle.kts"],
      .init("gradle --max-workers=$(advisor cpus) build", "build and test it")
    ),
    (["WORKSPACE", "MODULE.bazel"], .init("bazel build --jobs=$(advisor cpus) //...", "build it")),
    (["Snakefile"], .init("snakemake --cores $(advisor cpus)", "run the workflow")),
    (["mix.exs"], .init("advisor exec -- mix test", "test it with the CPUs that it may use")),
  ]

  public init(_ line: String, _ meaning: String) { (self.line, self.meaning) = (line, meaning) }

  /// Of a package for Node: the tools that it names.
  private static func scripts(_ names: Set<String>, _ text: (String) -> String?) -> [ProjectLine] {
    guard names.contains("package.json"), let package = text("package.json") else { return [] }
    let known: [(tool: String, line: ProjectLine)] = [
      ("vitest", .init("advisor tune -- npx vitest run --maxWorkers={n}", "the best number for its tests")),
      ("jest", .init("advisor tune -- npx jest --maxWorkers={n}", "the best number for its tests")),
      ("playwright", .init("advisor tune -- npx playwright test --workers={n}", "the best number for its tests")),
      ("eslint", .init("advisor tune -- npx eslint --concurrency={n} .", "the best number for its linter")),
    ]
    let found = known.filter { package.contains("\"\($0.tool)\"") || package.contains("\"@\($0.tool)/") }.map(\.line)
    return found.isEmpty ? [.init("advisor exec -- npm test", "test it with the CPUs that it may use")] : found
  }

  /// Of a project in Python that has tests.
  private static func tests(_ names: Set<String>, _ text: (String) -> String?) -> [ProjectLine] {
    let isPython =
      !names.isDisjoint(with: ["pyproject.toml", "setup.py", "setup.cfg", "tox.ini"])
      || names.contains { $0.hasSuffix(".py") }
    let hasTests = !names.isDisjoint(with: ["tests", "test", "pytest.ini", "conftest.py"])
    let namesPytest = ["pyproject.toml", "setup.cfg", "tox.ini"].contains {
      names.contains($0) && text($0)?.contains("pytest") == true
    }
    guard hasTests && (isPython || names.contains("pytest.ini") || names.contains("conftest.py")) || namesPytest else {
      return []
    }
    return [
      .init("advisor tune -- pytest -n {n}", "the best number for its tests"),
      .init("pytest -n $(advisor cpus)", "as many as may run here"),
    ]
  }
}
