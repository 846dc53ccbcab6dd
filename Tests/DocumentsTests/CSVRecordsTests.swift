import Testing

@testable import AdvisorCore
@testable import Documents

@Suite("Records of comma-separated values") struct CSVRecordsTests {
  /// The rules of RFC 4180, section 2, and what spreadsheets add to them.
  @Test(
    "Records are split at commas and line ends outside quotes",
    arguments: [
      (["a,b", "1,2"], [["a", "b"], ["1", "2"]]), (["a,b\r", "1,2\r"], [["a", "b"], ["1", "2"]]),
      (["a", "", "\r", "1"], [["a"], ["1"]]), (["a", "\"\""], [["a"], [""]]),
      (["a,b", ","], [["a", "b"], ["", ""]]),
      (["a", "\"x, \"\"y\"\"\""], [["a"], ["x, \"y\""]]),
      (["a,b", "\"1", "", "2\",3"], [["a", "b"], ["1\n\n2", "3"]]),
      (["\u{FEFF}a;b", "1,5;2"], [["a", "b"], ["1,5", "2"]]), (["a\tb", "1\t2"], [["a", "b"], ["1", "2"]]),
      (["a", "5\" disk"], [["a"], ["5\" disk"]]), (["a", "\"1\r\""], [["a"], ["1\r"]]),
      (["", "a;b", "1;2"], [["a", "b"], ["1", "2"]]),
      (["\"a\tx\",b", "\"1\t5\",2"], [["a\tx", "b"], ["1\t5", "2"]]),
      (["\"a,x\";b", "1;2"], [["a,x", "b"], ["1", "2"]]),
      (["a,\"x\ty \"\"z\t\"\"\"", "1,2"], [["a", "x\ty \"z\t\""], ["1", "2"]]),
    ])
  func records(lines: [String], expected: [[String]]) {
    var records = CSVRecords()
    let read = lines.compactMap { records.add(Array($0.utf8)[...]) }
    #expect(read.map { $0.map { String(decoding: $0, as: UTF8.self) } } == expected)
    #expect(!records.isInQuotes)
  }

  /// IANA's text/tab-separated-values has no quotes; R's `write.table` puts them around every text.
  @Test(
    "Between tabs quotes are text, unless the header has them",
    arguments: [
      (
        ["gene\tnote, long", "A\t\"open", "B\tclose\""], [["gene", "note, long"], ["A", "\"open"], ["B", "close\""]]
      ),
      (["\"gene\"\t\"note\"", "\"A\"\t\"x\ty\""], [["gene", "note"], ["A", "x\ty"]]),
      (["5\" disk\t3\" disk", "1\t2"], [["5\" disk", "3\" disk"], ["1", "2"]]),
      (["a\tb\r", "\"1\"\t2\r"], [["a", "b"], ["\"1\"", "2"]]),
    ])
  func tabs(lines: [String], expected: [[String]]) {
    var records = CSVRecords()
    let read = lines.compactMap { records.add(Array($0.utf8)[...]) }
    #expect(read.map { $0.map { String(decoding: $0, as: UTF8.self) } } == expected)
  }

  @Test("Quotes that nothing closes are seen, and what they gather is counted")
  func open() {
    var records = CSVRecords()
    for line in ["a", "\"1", "2"] { _ = records.add(Array(line.utf8)[...]) }
    #expect(records.isInQuotes && records.count == 5)
  }
}
