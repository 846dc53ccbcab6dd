import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import Tasks

@Suite("The first tasks of a run over files stand for all of them")
struct DrawnOrderTests {
  private static func places(_ order: DrawnOrder?) -> [Int] {
    var (order, places) = (order, [Int]())
    while let place = order?.next() { places.append(place) }
    return places
  }

  @Test("They are spread over the sizes, and the others follow as they stand", arguments: [2, 3, 8, 16, 100])
  func spread(count: Int) {
    let sizes = (0..<64).map { Double(($0 * 37) % 64 + 1) }
    let places = Self.places(DrawnOrder(sizes: sizes, count: count))
    #expect(places.sorted() == Array(0..<64))
    let drawn = min(count, 32)
    // The middles of equal shares of 1 … 64.
    let expected = (0..<drawn).map { Double((2 * $0 + 1) * 64 / (2 * drawn) + 1) }
    #expect(places.prefix(drawn).map { sizes[$0] }.sorted() == expected)
    #expect(Array(places.dropFirst(drawn)) == places.dropFirst(drawn).sorted())
  }

  @Test("Any few of the drawn are spread, too")
  func prefixes() {
    let sizes = (1...80).map { Double($0) }
    let first = Self.places(DrawnOrder(sizes: sizes, count: 8)).prefix(4).map { sizes[$0] }
    #expect(first.contains { $0 > 60 } && first.contains { $0 < 30 })
    #expect(agree(first.reduce(0, +) / 4, 40.5, within: 0.2))
  }

  @Test(
    "Files that are about alike, or few, run in their order",
    arguments: [[10, 11, 12, 13, 14, 10], [], [1], [1, 100], [1, 100, 1000]])
  func inOrder(sizes: [Double]) {
    #expect(DrawnOrder(sizes: sizes, count: 8) == nil)
  }

  private static func run(
    _ sizes: [Int], _ change: (inout TaskOptions) -> Void = { _ in }, workers: Int? = 2
  ) throws -> [TaskOutcome] {
    let files = try sizes.map { try TemporaryFile(String(repeating: "x", count: $0)) }
    let (_, recorded) = try runCommand(["true", "{}"], [files.map(\.path)], workers: workers) { change(&$0) }
    return withExtendedLifetime(files) { recorded.outcomes.sorted { $0.startedAt < $1.startedAt } }
  }

  private static let sizes = (0..<20).map { 1 << ($0 / 2) }

  @Test("A task knows the bytes of its file, and its place among the inputs")
  func bytes() throws {
    for outcome in try Self.run(Self.sizes) {
      #expect(outcome.fileBytes == Double(Self.sizes[outcome.sequence - 1]))
    }
  }

  @Test("The first to start is none of the smallest")
  func drawn() throws {
    #expect(try #require(try Self.run(Self.sizes).first).sequence > 5)
  }

  @Test("Where the order counts, it stays", arguments: ["keep order", "one worker", "longest first", "halt"])
  func orderStays(what: String) throws {
    let outcomes = try Self.run(
      Self.sizes,
      {
        $0.keepsOrder = what == "keep order"
        $0.dependsOnOrder = what == "longest first"
        if what == "halt" { $0.halt = RunHalt(.soon, .fail, .count(30)) }
      }, workers: what == "one worker" ? 1 : 2)
    #expect(Set(outcomes.prefix(2).map(\.sequence)) == [1, 2])
  }

  @Test("Inputs that name no files have no bytes")
  func noFiles() throws {
    let (_, recorded) = try runCommand(["true", "{}"], [(0..<8).map { "none-\($0)" }])
    #expect(recorded.outcomes.allSatisfy { $0.fileBytes == nil })
  }
}
