public import AdvisorCore

/// Where inputs come from: words after `:::`, or the lines of a file, as after `::::`.
public struct InputSource: Sendable, Hashable {
  public enum Origin: Sendable, Hashable {
    case words([[UInt8]])
    /// `-` is standard input.
    case file(String)
  }

  public var origin: Origin
  /// Whether each input comes with that of the source before that has the same place.
  public var isLinked: Bool

  public init(_ origin: Origin, isLinked: Bool = false) { (self.origin, self.isLinked) = (origin, isLinked) }

  var isFile: Bool { if case .file = origin { true } else { false } }

  /// Its rows.
  func rows(_ format: InputFormat) throws(AdvisorError) -> any NamedRows {
    switch origin {
    case .words(let words): return try ShapedInputs(StoredRows(words.map { [$0] }, columns: 1), format)
    case .file(let path):
      let reader =
        path == "-"
        ? InputReader(standardInput: format.separator) : try InputReader(path: path, separator: format.separator)
      guard let table = format.table else { return try ShapedInputs(reader, format) }
      return try CSVReader(reader, isTabbed: table == .tabs, hasHeader: format.hasTableHeader)
    }
  }
}

/// Rows whose columns may have names.
protocol NamedRows: InputStream {
  /// One for each column; none where they have none.
  var names: [String] { get }
}

extension CSVReader: NamedRows {}

extension TaskInputs {
  /// The inputs of several sources, and the names of their columns.
  ///
  /// The first source is read as its inputs are needed, the others at once.
  ///
  /// - Parameters:
  ///   - linksAll: whether all sources are linked, the shorter ones over and over, as GNU parallel's `--link` has it.
  /// - Throws: `AdvisorError`: badData when a source cannot be read, usage when nothing is there to link to.
  public static func reading(
    _ sources: [InputSource], _ format: InputFormat, linksAll: Bool = false
  ) throws(AdvisorError) -> (inputs: TaskInputs, names: [String]) {
    guard sources.count(where: { $0.origin == .file("-") }) < 2 else {
      throw AdvisorError(
        .usage, "standard input is named twice, and can be read but once", advice: "name a file in place of one -")
    }
    var (lists, names): ([InputList], [String]) = ([], [])
    var stream: (any InputStream)?
    for (index, source) in sources.enumerated() {
      let rows = try source.rows(format)
      names += rows.names.isEmpty ? Array(repeating: "", count: rows.columns) : rows.names
      let isLinked = { (index: Int) in sources.indices.contains(index) && (sources[index].isLinked || linksAll) }
      if index == 0, source.isFile, !isLinked(1) {
        stream = rows
      } else if !isLinked(index) || (index == 0 && (linksAll || source.isFile)) {
        lists.append(try InputList(reading: rows))
      } else {
        guard let last = lists.indices.last else {
          throw AdvisorError(
            .usage, "there is no list of inputs that :::+ could be linked to", advice: "write ::: and a list before it")
        }
        lists[last].link(try InputList(reading: rows), cycling: linksAll)
      }
    }
    return (try TaskInputs(lists: lists, stream: stream), names.allSatisfy(\.isEmpty) ? [] : names)
  }
}
