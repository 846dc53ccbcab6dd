import AdvisorCore

extension RuntimeVariable {
  /// Build tools and test runners: independent processes.
  static let builds: [RuntimeVariable] = [
    RuntimeVariable(
      "MAKEFLAGS", "make", .build, "https://www.gnu.org/software/make/manual/html_node/Options_002fRecursion.html",
      form: "-j{n}", joining: .option(marks: ["-j", "--jobs", "--jobserver"], flags: "bBdehikLmnpqrRsStvw"),
      programs: ["make"],
      yieldsToMake: true),
    RuntimeVariable(
      "CMAKE_BUILD_PARALLEL_LEVEL", "CMake", .build, since: "3.12",
      "https://cmake.org/cmake/help/latest/envvar/CMAKE_BUILD_PARALLEL_LEVEL.html", programs: ["cmake"],
      yieldsToMake: true),
    RuntimeVariable(
      "CTEST_PARALLEL_LEVEL", "CTest", .build,
      "https://cmake.org/cmake/help/latest/envvar/CTEST_PARALLEL_LEVEL.html", programs: ["ctest"]),
    RuntimeVariable(
      "CARGO_BUILD_JOBS", "cargo", .build,
      "https://doc.rust-lang.org/cargo/reference/config.html#buildjobs", programs: ["cargo"], yieldsToMake: true),
    RuntimeVariable(
      "RUST_TEST_THREADS", "cargo test", .build,
      "https://doc.rust-lang.org/rustc/tests/index.html", programs: ["cargo"]),
    RuntimeVariable(
      "NEXTEST_TEST_THREADS", "cargo nextest", .build,
      "https://nexte.st/docs/configuration/env-vars/", programs: ["cargo-nextest"]),
    RuntimeVariable(
      "PYTEST_XDIST_AUTO_NUM_WORKERS", "pytest-xdist", .build, since: "3.0",
      "https://pytest-xdist.readthedocs.io/en/stable/distribution.html", programs: ["pytest"]),
    RuntimeVariable(
      "VITEST_MAX_WORKERS", "Vitest", .build, since: "3",
      "https://vitest.dev/guide/improving-performance.html", programs: ["vitest"]),
    RuntimeVariable(
      "SCONSFLAGS", "SCons", .build, "https://scons.org/doc/production/HTML/scons-user.html#sect-sconsflags",
      form: "-j{n}", joining: .option(marks: ["-j", "--jobs"], flags: "bBcdDeEhHikmnqQrsStuUvw"), programs: ["scons"]),
    RuntimeVariable(
      "DEB_BUILD_OPTIONS", "dpkg-buildpackage", .build,
      "https://www.debian.org/doc/debian-policy/ch-source.html#debian-rules-and-deb-build-options",
      form: "parallel={n}", joining: .appended(separator: " ", marks: ["parallel="]), programs: ["dpkg-buildpackage"]),
    RuntimeVariable(
      "HARNESS_OPTIONS", "Perl’s Test::Harness", .build, since: "3.0", "https://perldoc.perl.org/Test::Harness",
      form: "j{n}", joining: .appended(separator: ":", marks: ["j"]), programs: ["prove"]),
    RuntimeVariable(
      "MAX_JOBS", "PyTorch’s C++ extensions", .build,
      "https://docs.pytorch.org/docs/stable/cpp_extension.html"),
    RuntimeVariable(
      "BUNDLE_JOBS", "Bundler", .build, "https://bundler.io/man/bundle-config.1.html", programs: ["bundle"]),
    RuntimeVariable(
      "PARALLEL_TEST_PROCESSORS", "Ruby’s parallel_tests", .build,
      "https://github.com/grosser/parallel_tests", programs: ["parallel_test"]),
    RuntimeVariable(
      "PARALLEL_WORKERS", "Rails tests", .build, since: "6.0",
      "https://guides.rubyonrails.org/testing.html#parallel-testing", programs: ["rails"]),
    RuntimeVariable(
      "TURBO_CONCURRENCY", "Turborepo", .build, since: "2.0",
      "https://turborepo.com/docs/reference/system-environment-variables", programs: ["turbo"]),
  ]
}
