import Testing

@testable import Console

@Suite("A terminal narrower than the text") struct TableFittingTests {
  private static let table = Table(
    [.init("what"), .init("chunk", .right, isMinor: true), .init("set by"), .init("time", .right)],
    rows: [["open files", "12", "/proc/self/limits of this very process", "6.47 ms"], ["memory", "1", "none", "1 s"]])

  @Test("A table that fits stays as it is")
  func wideEnough() {
    #expect(Self.table.fitted(to: 65).text == Self.table.text)
    #expect(Self.table.fitted(to: 65).columns.count == 4)
  }

  @Test("Minor columns go first")
  func minorColumns() {
    let fitted = Self.table.fitted(to: 60)
    #expect(fitted.columns.map(\.title) == ["what", "set by", "time"])
    #expect(
      fitted.rows == [["open files", "/proc/self/limits of this very process", "6.47 ms"], ["memory", "none", "1 s"]])
  }

  @Test("Then the widest text goes on in further lines, beside which nothing stands", arguments: [40, 45, 50])
  func texts(columns: Int) {
    let fitted = Self.table.fitted(to: columns)
    let lines = fitted.text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= columns }, "\(fitted.text)")
    #expect(fitted.rows.map { $0[1] }.joined(separator: " ") == "/proc/self/limits of this very process none")
    #expect(fitted.rows[1][0].isEmpty && fitted.rows[1][2].isEmpty)
  }

  @Test("A path that is too long is broken after a slash, a list of CPUs after a comma")
  func pathsAndLists() {
    #expect(Table.lines(of: "/sys/fs/cgroup/cpu/docker/cpu.max", to: 20) == ["/sys/fs/cgroup/cpu/", "docker/cpu.max"])
    #expect(Table.lines(of: "0,2,4,6,8,10,12", to: 8) == ["0,2,4,6,", "8,10,12"])
    #expect(Table.lines(of: "unbreakable", to: 4) == ["unbreakable"])
  }

  @Test("Lines are broken at spaces, and go on below their own beginning")
  func lines() {
    let text = "advisor: the disk is full\n  → free some room on it\n  ok"
    #expect(
      TextReport.fitted(text, to: 16)
        == "advisor: the\ndisk is full\n  → free some\n    room on it\n  ok")
    #expect(TextReport.fitted(text, to: 80) == text)
  }
}
