import AdvisorTestSupport
import Foundation
import Testing

/// Downloads from a server as there are many: with TLS, HTTP/2 and passwords, or behind a proxy.
@Suite("Downloads by TLS, password and proxy", .enabled(if: SecureServer.canRun)) struct SecureDownloadTests {
  private let program: Program
  private let server: SecureServer

  init() throws {
    program = try Program()
    server = try SecureServer(in: program.folder)
  }

  private var into: String { "\(program.folder)/files" }

  private func files() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: into)) ?? []
    return names.filter { $0 != ".advisor-downloads" }.sorted()
  }

  /// - Parameter settings: as `env` takes them, after all that a machine may have set.
  private func download(_ urls: [String], _ settings: [String] = []) throws -> Program.Outcome {
    let list = try program.file("list", urls.joined(separator: "\n"))
    let names = ["CURL_CA_BUNDLE", "SSL_CERT_FILE", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "NO_PROXY"]
    return try program.start(
      ["download", list, "--into", into, "--retries", "0"],
      wrapper: names.flatMap { ["-u", $0] } + ["HOME=\(program.folder)"] + settings
    ).finish()
  }

  @Test("A certificate that nobody vouches for is refused, before anything is asked for")
  func selfSigned() throws {
    let outcome = try download([server.secure("a1")])
    #expect(outcome.status == 1)
    #expect(outcome.complaint.contains("certificate"), "\(outcome.complaint)")
    #expect(files().isEmpty && server.requests().isEmpty)
  }

  @Test("A certificate of another name is refused, though it is trusted")
  func otherName() throws {
    let url = server.secure("a1").replacingOccurrences(of: "127.0.0.1", with: "127.0.0.2")
    let outcome = try download([url], ["CURL_CA_BUNDLE=\(server.certificate)"])
    #expect(outcome.status == 1 && files().isEmpty)
  }

  @Test("A server that speaks HTTP/2 is spoken to in it, over one connection")
  func http2() throws {
    let outcome = try download((1...30).map { server.secure("a\($0)") }, ["CURL_CA_BUNDLE=\(server.certificate)"])
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(files().count == 30)
    let requests = server.requests()
    #expect(requests.count == 30 && requests.allSatisfy { $0.protocol == "HTTP/2.0" })
    #expect(Set(requests.map(\.connection)).count == 1)
  }

  @Test("Names and passwords come from .netrc, and from nowhere else")
  func netrc() throws {
    let url = server.plain("closed/a1")
    let refused = try download([url])
    #expect(refused.status == 1 && refused.complaint.contains("401"), "\(refused.complaint)")
    let netrc = try program.file(".netrc", "machine 127.0.0.1 login ann password secret\n")
    chmod(netrc, 0o600)
    let outcome = try download([url])
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(files() == ["a1"])
  }

  @Test("A proxy is asked in place of the server, unless no_proxy names that")
  func proxy() throws {
    let proxy = "http_proxy=\(server.plain(""))"
    let outcome = try download(["http://nowhere.invalid/a1"], [proxy])
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(server.requests().map(\.host) == ["nowhere.invalid"])
    #expect(try download(["http://nowhere.invalid/a2"], [proxy, "no_proxy=.invalid"]).status == 1)
  }
}

/// An nginx of its own with a certificate that it has signed itself, thirty small files, and a folder for which a password is
/// needed.
private final class SecureServer {
  struct Request {
    var `protocol`: String
    var connection: String
    var host: String
  }

  private static let tools = ["/usr/sbin/nginx", "/usr/bin/openssl"]
  static var canRun: Bool { tools.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) } }

  let certificate: String
  private let folder: String
  private let ports: [UInt16]
  private var process: StartedProgram?

  init(in parent: String) throws {
    folder = "\(parent)/nginx"
    certificate = "\(folder)/certificate.pem"
    ports = [try Self.freePort(), try Self.freePort()]
    try FileManager.default.createDirectory(atPath: "\(folder)/www", withIntermediateDirectories: true)
    for number in 1...30 { try write("www/a\(number)", String(repeating: "x", count: number)) }
    try write("passwords", "ann:{PLAIN}secret\n")
    try write("nginx.conf", configuration)
    try run(
      Self.tools[1],
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "\(folder)/key.pem", "-out", certificate, "-days",
        "2", "-subj", "/CN=advisor-test", "-addext", "subjectAltName=IP:127.0.0.1",
      ])
    process = try StartedProgram([Self.tools[0], "-c", "\(folder)/nginx.conf", "-e", "\(folder)/errors"])
    for port in ports { try waitFor(port) }
  }

  func secure(_ name: String) -> String { "https://127.0.0.1:\(ports[0])/\(name)" }
  func plain(_ name: String) -> String { "http://127.0.0.1:\(ports[1])/\(name)" }

  /// Those that were answered.
  func requests() -> [Request] {
    let text = String(decoding: FileManager.default.contents(atPath: "\(folder)/requests") ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").map { line in
      let words = line.split(separator: " ").map(String.init)
      return Request(protocol: words[0], connection: words[1], host: words[2])
    }
  }

  private var configuration: String {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/tmp;" }
    return """
      daemon off; master_process off; pid \(folder)/pid; error_log \(folder)/errors;
      events { worker_connections 256; }
      http {
        log_format short '$server_protocol $connection $host'; access_log \(folder)/requests short;
        \(temporary.joined(separator: " "))
        root \(folder)/www;
        server {
          listen 127.0.0.1:\(ports[0]) ssl http2; listen 127.0.0.2:\(ports[0]) ssl http2;
          ssl_certificate \(certificate); ssl_certificate_key \(folder)/key.pem;
        }
        server {
          listen 127.0.0.1:\(ports[1]);
          location /closed/ { alias \(folder)/www/; auth_basic x; auth_basic_user_file \(folder)/passwords; }
        }
      }
      """
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
  }

  private func run(_ program: String, _ arguments: [String]) throws {
    try #require(try ProgramRun([program] + arguments).status == 0, "\(program) \(arguments)")
  }

  private static func freePort() throws -> UInt16 {
    let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(probe) }
    var (address, length) = (loopback(0), socklen_t(MemoryLayout<sockaddr_in>.size))
    try withUnsafeMutableBytes(of: &address) { bytes in
      let base = try #require(bytes.assumingMemoryBound(to: sockaddr.self).baseAddress)
      try #require(bind(probe, base, length) == 0 && getsockname(probe, base, &length) == 0)
    }
    return UInt16(bigEndian: address.sin_port)
  }

  private func waitFor(_ port: UInt16) throws {
    let isOpen = waitUntil {
      let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(probe) }
      var address = Self.loopback(port)
      return withUnsafeBytes(of: &address) { bytes in
        bytes.assumingMemoryBound(to: sockaddr.self).baseAddress.map {
          connect(probe, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        } ?? false
      }
    }
    try #require(isOpen, "nginx does not listen on port \(port)")
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }
}
