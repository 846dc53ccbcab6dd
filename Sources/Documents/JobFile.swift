public import AdvisorCore
internal import FoundationEssentials

/// The jobs in a file: JSON where its first character is `{` or `[`, else one job string a line, with or without a name:
///
///     # Nightly work
///     io:4x20MiB+cpu:4x2e6
///     thumbnails = cpu:64x2e5
///
/// In JSON a job is a job string or an object with `stages`; to give it a name it is the `job` of an object with `name`, as in
/// what `recommend --json` prints. Several are an array.
public struct JobFile: Sendable {
  /// At least one; no two have the same name.
  public let jobs: [NamedJob]
  private let path: String

  /// A thousand times what people write.
  static let maxBytes = 4 << 20

  /// - Throws: ``AdvisorError`` (badData) that names the file, the line or the place in the document, and what stands there.
  public init(path: String) throws(AdvisorError) {
    var bytes = try JSONDocument.contents(of: path, atMost: Self.maxBytes)
    // Editors of Windows begin a file with a mark of the byte order.
    if bytes.starts(with: "\u{feff}".utf8) { bytes.removeFirst(3) }
    let first = bytes.first { !" \t\r\n".utf8.contains($0) }
    let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    let entries = isJSON ? try JobDocument.entries(in: bytes, of: path) : try JobLines.entries(in: bytes, of: path)
    guard !entries.isEmpty else {
      throw AdvisorError(.badData, "\(path) holds no job", advice: "write one job a line, such as cpu:8x1e6")
    }
    var places: [String: String] = [:]
    for entry in entries {
      guard let name = entry.job.name else { continue }
      if let former = places.updateValue(entry.place, forKey: name) {
        throw AdvisorError(
          .badData, "\(path) has two jobs by the name \(name.quoted): \(former) and \(entry.place)",
          advice: "give each job a name of its own, or none")
      }
    }
    jobs = entries.map(\.job)
    self.path = path
  }

  /// The job of a file with one.
  ///
  /// - Throws: ``AdvisorError`` (badData) where the file holds several.
  public func onlyJob() throws(AdvisorError) -> Job {
    guard jobs.count == 1 else {
      throw AdvisorError(
        .badData, "\(path) holds \(jobs.count) jobs where one is meant",
        advice: "keep one of them, or try them all with advisor verify --suite")
    }
    return jobs[0].job
  }

  static let sample = #"{"stages": [{"kind": "cpu", "count": 8, "size": 1e6}]}"#

  /// A job and where in the file it stands, for messages.
  struct Entry {
    var job: NamedJob
    var place: String
  }
}

/// Jobs in JSON.
private enum JobDocument {
  static func entries(in bytes: Data, of path: String) throws(AdvisorError) -> [JobFile.Entry] {
    let elements: [Element]
    do {
      elements = try JSONDecoder().decode(Elements.self, from: bytes).elements
    } catch {
      throw AdvisorError(
        .badData, "\(path) does not hold jobs: \(DecodingFault(error))",
        advice: "write one job string a line, such as cpu:8x1e6, or JSON: \(JobFile.sample)")
    }
    return elements.enumerated().map { JobFile.Entry(job: $1.job, place: "[\($0)]") }
  }

  /// One job, or an array of them.
  private struct Elements: Decodable {
    let elements: [Element]

    init(from decoder: any Decoder) throws {
      let isArray = (try? decoder.unkeyedContainer()) != nil
      elements = isArray ? try [Element](from: decoder) : [try Element(from: decoder)]
    }
  }

  /// A job as it is, or with a name.
  private struct Element: Decodable {
    let job: NamedJob

    private enum CodingKeys: CodingKey { case name, job }

    init(from decoder: any Decoder) throws {
      guard let container = try? decoder.container(keyedBy: CodingKeys.self), container.contains(.job) else {
        job = NamedJob(try Job(from: decoder))
        return
      }
      job = NamedJob(
        try container.decode(Job.self, forKey: .job), name: try container.decodeIfPresent(String.self, forKey: .name))
    }
  }
}
