import AdvisorCore
import ArgumentParser
import Tasks

/// Data that are cut into blocks, one for each task's standard input.
struct PipeOptions: ParsableArguments {
  @Flag(help: "Split stdin into blocks, one per task's stdin.")
  var pipe = false

  @Option(help: ArgumentHelp("The same with a file.", valueName: "file", visibility: .rare))
  var pipePart: String?

  @Option(help: ArgumentHelp("Size of the blocks, such as 64MiB.", valueName: "bytes"))
  var block: String?

  @Option(help: ArgumentHelp("What a record ends with (default: a newline).", valueName: "text", visibility: .rare))
  var recend: String?

  @Option(help: ArgumentHelp("What a record begins with, such as '>'.", valueName: "text", visibility: .rare))
  var recstart: String?

  @Flag(
    name: [.customLong("round-robin"), .customLong("round")],
    help: ArgumentHelp("Start one process a worker, and share the blocks out.", visibility: .rare))
  var roundRobin = false

  /// Whether the data make the inputs.
  var isGiven: Bool { pipe || pipePart != nil }

  /// Blocks that do not fit in memory help nobody.
  private static let maxBlockBytes = 4e9

  func validate() throws {
    if let block {
      let bytes = Self.size(block) ?? 0
      guard bytes >= 1 else { throw ValidationError("--block \(block.printable): give a size such as 64MiB.") }
      guard !pipe || bytes <= Self.maxBlockBytes else {
        throw ValidationError("--block \(block.printable): blocks of --pipe are kept in memory: give 4 GB or less.")
      }
    }
    if pipe, pipePart != nil { throw ValidationError("--pipe reads stdin and --pipe-part a file: give one of them.") }
    if roundRobin || block != nil || recend != nil || recstart != nil, !isGiven {
      throw ValidationError(
        "--block, --recend, --recstart and --round-robin say how data are cut: add --pipe or --pipe-part FILE.")
    }
  }

  func validate(with inputs: CommandInputOptions, _ tasks: TaskArguments) throws {
    guard isGiven else { return }
    if inputs.source.isFile || inputs.source.hasColumns || inputs.null {
      throw ValidationError(
        "--pipe and --pipe-part make the inputs themselves: leave --inputs, --csv, --tsv and -0 out.")
    }
    if roundRobin, tasks.control.retries ?? 1 > 1 || tasks.records.isKept {
      throw ValidationError(
        "With --round-robin a block is gone when it was handed on: leave --retries, --journal and --joblog out.")
    }
  }

  /// The blocks that tasks read.
  ///
  /// - Parameters:
  ///   - records: of a block; nil cuts by bytes.
  ///   - headerLines: that each block begins with.
  ///   - isRecorded: whether a journal is to know the blocks.
  func blocks(
    records: Int?, headerLines: Int, _ options: TaskOptions, isRecorded: Bool
  ) throws -> any InputBlocks {
    var rule = RecordRule()
    rule.end = recend.map(Escapes.bytes) ?? (recstart == nil ? rule.end : [])
    rule.start = recstart.map(Escapes.bytes) ?? []
    (rule.records, rule.headerLines) = (records, headerLines)
    let bytes = block.flatMap(Self.size).map { Int(min($0, 1e15)) }
    let blocks: any InputBlocks
    if let pipePart {
      blocks = try FileParts(path: pipePart, rule, partBytes: bytes, limits: options.limits)
    } else {
      let bytes = bytes ?? StreamBlocks.minBytes
      blocks =
        try FileParts(input: 0, rule, partBytes: bytes)
        ?? StreamBlocks(rule, blockBytes: bytes, hashesContents: isRecorded)
    }
    guard roundRobin else { return blocks }
    return RoundRobinBlocks(blocks, processes: options.workers ?? max(1, Int(options.limits.cpus.rounded(.up))))
  }

  /// Bytes with our units, or with GNU parallel's: powers of 1,024 in capitals, else of 1,000.
  private static func size(_ text: String) -> Double? {
    if let bytes = Quantity.bytes(text) { return bytes }
    guard let unit = text.last, let count = Quantity.count(text.dropLast()) else { return nil }
    let capitals = "KMGT", small = "kmgt"
    if let place = capitals.firstIndex(of: unit) {
      return count * pow(1024, capitals.distance(from: capitals.startIndex, to: place) + 1)
    }
    guard let place = small.firstIndex(of: unit) else { return nil }
    return count * pow(1000, small.distance(from: small.startIndex, to: place) + 1)
  }

  private static func pow(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { value, _ in value * base }
  }
}
