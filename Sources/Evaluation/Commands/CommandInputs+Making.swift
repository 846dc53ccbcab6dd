import AdvisorCore
private import FoundationEssentials
private import Statistics
import System

extension CommandInputs {
  /// Makes what a command is run over, in a folder of its own.
  ///
  /// - Parameter address: of a server that sends a number of bytes after a latency.
  /// - Returns: the inputs as the command is given them.
  /// - Throws: ``AdvisorError`` where the folder cannot be written, or where git cannot make a repository.
  func make(in folder: String, address: (_ bytes: Int, _ latencySeconds: Double) -> String) throws(AdvisorError)
    -> [String]
  {
    switch self {
    case .numbers(let count): return (1...count).map(String.init)
    case .addresses(let count, let bytes, let latency):
      return (0..<count).map { "\(address(bytes, latency))#\($0)" }
    case .texts(let count, let bytes, let spread):
      let sizes = Lognormal(mean: 1, coefficientOfVariation: spread)
      return try Self.files(count, in: folder, ending: "txt") { index in
        // Spread evenly over the distribution, in scattered order.
        let share = (Double(index * 7 % count) + 0.5) / Double(count)
        return Self.text(bytes: Int(Double(bytes) * (spread > 0 ? sizes.quantile(share) : 1)), seed: UInt64(index + 1))
      }
    case .sources(let count, let functions):
      return try Self.files(count, in: folder, ending: "c") { Self.source(functions: functions + 2 * ($0 % 5)) }
    case .folders(let count, let files):
      return try Self.folders(count, in: folder, files: files)
    case .repositories(let count):
      let folders = try Self.folders(count, in: folder, files: 12)
      for path in folders { try Self.commit(path) }
      return folders
    }
  }

  private static func files(
    _ count: Int, in folder: String, ending: String, _ contents: (Int) -> [UInt8]
  ) throws(AdvisorError) -> [String] {
    var paths: [String] = []
    for index in 0..<count {
      let path = "\(folder)/\(index).\(ending)"
      try AtomicFile.write(contents(index), to: path)
      paths.append(path)
    }
    return paths
  }

  private static func folders(_ count: Int, in folder: String, files: Int) throws(AdvisorError) -> [String] {
    var paths: [String] = []
    for index in 0..<count {
      let path = "\(folder)/\(index)"
      do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
        throw AdvisorError(.cannotWrite, "cannot make \(path): \(error)", advice: "set TMPDIR to a folder with room")
      }
      _ = try Self.files(files, in: path, ending: "txt") { text(bytes: 4000, seed: UInt64(index * files + $0 + 1)) }
      paths.append(path)
    }
    return paths
  }

  private static func commit(_ path: String) throws(AdvisorError) {
    let who = ["-c", "user.name=advisor", "-c", "user.email=advisor@localhost", "-c", "commit.gpgsign=false"]
    for words in [["init", "-q"], ["add", "."], who + ["commit", "-q", "-m", "inputs"]] {
      let exit = try ChildProcess(Launch(["git", "-C", path] + words, output: nil, error: nil)).wait()
      guard exit.succeeded else {
        throw AdvisorError(.unavailable, "git \(words.last ?? "") failed in \(path)", advice: "check git's settings")
      }
    }
  }

  private static let words = [
    "the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "while", "rain", "falls", "on", "quiet",
    "fields",
  ]

  /// Lines of words with numbers between them: as compressible as logs are.
  private static func text(bytes: Int, seed: UInt64) -> [UInt8] {
    var random = Xoshiro(seed: seed)
    var text: [UInt8] = []
    text.reserveCapacity(bytes + 16)
    while text.count < bytes {
      let draw = random.next()
      text += words[Int(draw % UInt64(words.count))].utf8
      text += " \(draw >> 48)".utf8
      text.append(draw & 0x700 == 0 ? 10 : 32)
    }
    text.append(10)
    return text
  }

  private static func source(functions: Int) -> [UInt8] {
    let bodies = (0..<functions).map { index in
      """
      int f\(index)(int *values, int count) {
        int sum = \(index);
        for (int i = 0; i < count; i++) {
          if (values[i] % \(index + 2) == 0) sum += values[i] * i; else sum ^= values[i] >> (i % 7);
          values[i] = sum % 1000;
        }
        return sum;
      }

      """
    }
    return Array(bodies.joined().utf8)
  }
}
