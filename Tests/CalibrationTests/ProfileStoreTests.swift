import AdvisorCore
import AdvisorTestSupport
import Calibration
import Documents
import FoundationEssentials
import Glibc
import Testing

@Suite("Saved profiles") struct ProfileStoreTests {
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  static let sample: MachineProfile = {
    let cost = SampleProfile.cost(.threadStart, 2e-5, placement: .sameCPU)
    return SampleProfile.make(level: .quick, SampleProfile.machine(cpus: 2), [cost], VariableCosts())
  }()

  @Test("A pipe in a profile's place is no profile, and is not waited for")
  func pipe() throws {
    let store = ProfileStore(folder: scratch.path)
    mkfifo(store.path(of: "0123456789abcdef"), 0o600)
    #expect(try store.paths().isEmpty && store.profile(of: "0123456789abcdef") == nil)
  }

  @Test("A saved profile is found")
  func findsWhatItSaved() throws {
    let store = ProfileStore(folder: "\(scratch.path)/advisor/profiles")
    let path = try store.save(Self.sample)
    #expect(try store.profile(of: Self.sample.fingerprint)?.profile == Self.sample)
    #expect(store.paths() == [path])
    #expect(try store.profile(of: "fedcba9876543210") == nil)
  }

  @Test("A program finds the profile of its machine")
  func findsTheProfileForPrograms() throws {
    let path = try ProfileStore(folder: scratch.path).save(Self.sample)
    #expect(try ProfileStore.profileOfThisMachine(environment: ["ADVISOR_PROFILE": path]) == Self.sample)
    #expect {
      try ProfileStore.profileOfThisMachine(environment: ["XDG_DATA_HOME": scratch.path])
    } throws: { error in
      (error as? AdvisorError)?.code == .unavailable && "\(error)".contains("advisor calibrate")
    }
  }

  @Test("No part of a file is left behind")
  func leavesNoPartOfAFileBehind() throws {
    let store = ProfileStore(folder: scratch.path)
    try store.save(Self.sample)
    try store.save(Self.sample)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["0123456789abcdef.json"])
  }

  @Test("A place that cannot be written is named")
  func saysWhereItCannotWrite() throws {
    #expect {
      try JSONDocument.write(Self.sample, to: "\(scratch.path)/absent/profile.json")
    } throws: { error in
      (error as? AdvisorError)?.code == .cannotWrite && "\(error)".contains("absent/profile.json")
    }
  }

  /// One fault each, and the word that the message must hold besides the file's name.
  @Test(
    "What is no profile is refused",
    arguments: [
      ("", "JSON"),
      ("{", "JSON"),
      ("[]", "type"),
      ("{}", "schema"),
      (#"{"schema": "advisor.profile/9"}"#, "advisor.profile/9"),
      (#"{"schema": "advisor.profile/1"}"#, "missing"),
    ])
  func refusesWhatIsNoProfile(text: String, word: String) throws {
    let path = "\(scratch.path)/profile.json"
    try Data(text.utf8).write(to: URL(filePath: path))
    #expect {
      try ProfileStore.load(path)
    } throws: { error in
      guard let error = error as? AdvisorError else { return false }
      return error.code == .badData && error.problem.contains(path) && error.problem.contains(word)
    }
  }

  @Test("A profile with a figure that no measurement gives is refused", arguments: [-1.0, 0.5])
  func refusesImpossibleFigures(low: Double) throws {
    var profile = Self.sample
    // Negative, or above its own upper end.
    profile.fixedCosts[0].floor.low = low
    let path = "\(scratch.path)/profile.json"
    try JSONDocument.write(profile, to: path)
    #expect(throws: AdvisorError.self) { try ProfileStore.load(path) }
  }

  @Test("A calibration that no command would load says that it failed, and the one before stays")
  func keepsTheProfileBefore() throws {
    let store = ProfileStore(folder: scratch.path)
    let path = try store.save(Self.sample)
    var broken = Self.sample
    broken.fixedCosts[0].floor.low = -1
    let error = try #require(throws: AdvisorError.self) { try store.save(broken) }
    #expect(error.code == .badData && error.problem.contains("failed") && error.problem.contains("threadStart"))
    #expect(try ProfileStore.load(path).profile == Self.sample)
  }

  @Test("Saving to what cannot be read back, such as a terminal, is no fault")
  func writesToDevices() throws {
    try ProfileStore.write(Self.sample, to: "/dev/null")
  }

  /// w workers do the work of w CPUs at most, and of no more than there are (docs/model.md, 1.1).
  @Test(
    "A speedup beyond the CPUs is bounded by them, and said",
    arguments: [(2, 4.84, 2.0), (2, 2.37, 2.0), (4, 2.2, 2.0), (1, 1.2, 1.0)])
  func boundsSpeedups(workers: Int, measured: Double, most: Double) throws {
    let saved = try saving(speedup: measured, workers: workers, cpus: 2)
    #expect(saved.variableCosts.speedups[0].speedup.value == most)
    #expect(saved.variableCosts.speedups[0].speedup.high <= 1.05 * most)
    #expect(
      saved.quality.contains(
        .boundedSpeedups(speedups: [.init("sort", workers: workers, speedup: measured, maxSpeedup: most)])))
  }

  @Test(
    "Under a quota one worker has all of it below 1 CPU",
    arguments: [(0.5, 1.14, 1.0), (0.7, 1.21, 1.0), (1.5, 1.9, 1.5)])
  func boundsSpeedupsByTheQuota(cpus: Double, measured: Double, most: Double) throws {
    #expect(try saving(speedup: measured, workers: 2, cpus: cpus).variableCosts.speedups[0].speedup.value == most)
  }

  @Test("What a quiet machine measures stays as it is", arguments: [(2, 1.97), (2, 2.05), (4, 2.0), (1, 1.0)])
  func keepsSpeedups(workers: Int, measured: Double) throws {
    let saved = try saving(speedup: measured, workers: workers, cpus: 2)
    #expect(saved.variableCosts.speedups[0].speedup.value == measured && saved.quality.isEmpty)
  }

  /// What is loaded of a profile that was saved with such a speedup, known to 20 % either way.
  private func saving(speedup: Double, workers: Int, cpus: Double) throws -> MachineProfile {
    var profile = Self.sample
    profile.machine.usable.effectiveCPUs = cpus
    let estimate = Estimate(value: speedup, low: 0.8 * speedup, high: 1.2 * speedup, samples: 3, unit: .ratio)
    profile.variableCosts.speedups = [SpeedupPoint(kernel: .sort, workers: workers, speedup: estimate)]
    return try ProfileStore.load(try ProfileStore(folder: scratch.path).save(profile)).profile
  }

  @Test("A relative data folder is ignored")
  func ignoresRelativeDataFolders() throws {
    // “If an implementation encounters a relative path … it should consider the path invalid and ignore it.”
    let store = try ProfileStore.user(environment: ["XDG_DATA_HOME": "data", "HOME": "/home/a"])
    #expect(store.folder == "/home/a/.local/share/advisor/profiles")
    #expect(try ProfileStore.user(environment: ["XDG_DATA_HOME": "/d"]).folder == "/d/advisor/profiles")
    #expect(throws: AdvisorError.self) { try ProfileStore.user(environment: [:]) }
  }

  @Test("A profile is stale once the kernel, the CPUs, the quota or a month has changed")
  func staleness() throws {
    let profile = Self.sample
    let made = try Date(profile.createdAt, strategy: .iso8601)
    let day = 86_400.0
    #expect(profile.staleness(on: profile.machine, now: made + 29 * day) == nil)
    #expect(profile.staleness(on: profile.machine, now: made + 31 * day) != nil)
    var machine = profile.machine
    machine.kernel = "6.2"
    #expect(profile.staleness(on: machine, now: made) != nil)
    machine = profile.machine
    machine.cpus.usable = [0]
    #expect(profile.staleness(on: machine, now: made) != nil)
    machine = profile.machine
    machine.limits.cpuQuota = 1.5
    #expect(profile.staleness(on: machine, now: made) != nil)
  }

  @Test("Profiles differ only in costs whose intervals do not meet")
  func difference() {
    var other = Self.sample
    #expect(ProfileDifference(from: Self.sample, to: other).changed.isEmpty)
    other.fixedCosts[0].floor = Estimate(value: 3e-5, low: 2.8e-5, high: 3.3e-5, samples: 60, unit: .seconds)
    let change = ProfileDifference(from: Self.sample, to: other).changed.first
    #expect(change?.name == "threadStart, sameCPU")
    #expect(change?.ratio == 1.5)
  }

  /// The profiles of real machines that ship with the program.
  @Test("The shipped profiles are read", arguments: try shipped())
  func readsTheShippedProfiles(path: String) throws {
    let profile = try ProfileStore.load(path).profile
    #expect(profile.fixedCosts.count >= 10)
    #expect(!profile.variableCosts.kernels.isEmpty)
    #expect(profile.machine.usable.effectiveCPUs > 0)
  }

  static func shipped() throws -> [String] {
    let folder = "\(Repository.root)/profiles"
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }.map { "\(folder)/\($0)" }
  }
}
