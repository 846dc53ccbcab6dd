import AdvisorCore
import Testing

struct SpellingTests {
  private let commands = ["run", "map", "download", "cpus", "exec", "env", "tune", "recommend", "why", "probe", "plan"]

  @Test(arguments: [
    ("cpu", "cpus"), ("recomend", "recommend"), ("reccomend", "recommend"), ("rnu", "run"), ("wy", "why"),
    ("dowload", "download"), ("RUN", "run"), ("rec", "recommend"), ("prbe", "probe"), ("tuen", "tune"),
  ])
  func `A slip of the fingers names what was meant`(typed: String, meant: String) {
    #expect(Spelling.closest(to: typed, among: commands) == meant)
  }

  @Test(arguments: ["", "x", "gzip", "make", "install", "python3", "--"])
  func `Another word is no slip`(typed: String) {
    #expect(Spelling.closest(to: typed, among: commands) == nil)
  }
}
