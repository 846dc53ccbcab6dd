extension SubmissionScript {
  /// A Python program, a client of a scheduler or of a cluster that it starts on its machine.
  public func dask(_ options: DaskOptions = DaskOptions()) -> String {
    let secure = isSecure(options)
    return """
      #!/usr/bin/env python3
      # \(title)
      # \(size(of: "call"))
      \(remarks.map { "# \($0)\n" }.joined())
      \(imports)
      from dask.distributed import Client, \(secure ? "Security, " : "")\(options.scheduler == nil ? "LocalCluster, " : "")as_completed
      \(module.map { "\nsys.path.insert(0, os.getcwd())\nimport \($0)\n" } ?? "")
      CALLS = [
      \(rows.map { "    \($0),\n" }.joined())]


      \(body)

      \(main(options))

      if __name__ == "__main__":
          main()

      """
  }

  private func isSecure(_ options: DaskOptions) -> Bool { options.certificates != nil && options.scheduler != nil }

  /// Hands the calls over and tells of each as it ends.
  private func main(_ options: DaskOptions) -> String {
    """
    def told(results):
        for output, complaint in results:
            sys.stdout.buffer.write(output)
            print(complaint, end="", file=sys.stderr)
        return sum(bool(complaint) for _, complaint in results)


    def main():
    \(isSecure(options) ? "    security = \(security(options))\n" : "")    with \(client(options)) as client:
    \(uploads(options).map { "        client.upload_file(\($0))\n" }.joined())\
            futures = client.map(run, CALLS, pure=False\(resources(options)))
            calls = {future.key: call for future, call in zip(futures, CALLS)}
            failed, suspects = 0, []
            for future in as_completed(futures):
                try:
                    failed += told(future.result())
                except Exception:
                    # Dask blames a worker's end on all that it had. Each by itself, they show whose it was.
                    suspects += calls[future.key]
            for task in suspects:
                try:
                    failed += told(client.submit(run, [task], pure=False\(resources(options))).result())
                except Exception as error:
                    failed += told([(b"", f"{task}: {error}\\n")])
        sys.exit(1 if failed else 0)

    """
  }

  private var module: String? {
    if case .function(let name, _) = calls { name.split(separator: ":").first.map(String.init) } else { nil }
  }

  private var imports: String {
    (module == nil ? ["os", "subprocess", "sys"] : ["json", "os", "sys", "traceback"]).map { "import \($0)" }.joined(
      separator: "\n") + "\n"
  }

  private var rows: [String] {
    switch calls {
    case .commands(let calls): calls.map { Python.list($0.map { Python.list($0.map(Python.literal)) }) }
    case .function(_, let calls): calls.map { Python.list($0.map(Python.literal)) }
    }
  }

  /// What a worker does: it returns what each task printed, and what is wrong with it.
  private var body: String {
    switch calls {
    case .commands:
      """
      def run(commands):
          results = []
          for command in commands:
              try:
                  done = subprocess.run(list(map(os.fsencode, command)), stdin=subprocess.DEVNULL, stdout=-1, stderr=-1)
              except OSError as error:
                  results.append((b"", f"{command}: {error}\\n"))
                  continue
              complaint = f"{command} ended with status {done.returncode}\\n" if done.returncode else ""
              results.append((done.stdout, complaint and done.stderr.decode(errors="replace") + complaint))
          return results

      """
    case .function(let name, _):
      """
      def run(arguments):
          results = []
          for text in arguments:
              try:
                  results.append((json.dumps(\(name.replacing(":", with: "."))(json.loads(text))).encode() + b"\\n", ""))
              except BaseException:
                  results.append((b"", f"{text}: {traceback.format_exc()}"))
          return results

      """
    }
  }

  private func security(_ options: DaskOptions) -> String {
    guard let files = options.certificates else { return "None" }
    return "Security(tls_ca_file=\(Python.text(files.authority)), tls_client_cert=\(Python.text(files.certificate)), "
      + "tls_client_key=\(Python.text(files.key)), require_encryption=True)"
  }

  private func client(_ options: DaskOptions) -> String {
    guard let scheduler = options.scheduler else {
      return
        "LocalCluster(n_workers=\(options.workers), threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster)"
    }
    return "Client(\(Python.text(scheduler))\(options.certificates == nil ? "" : ", security=security"))"
  }

  private func uploads(_ options: DaskOptions) -> [String] {
    (module.map { ["\($0.prefix { $0 != "." }).__file__"] } ?? []) + options.uploads.map(Python.text)
  }

  private func resources(_ options: DaskOptions) -> String {
    guard !options.resources.isEmpty else { return "" }
    let pairs = options.resources.map { resource in
      let parts = resource.split(separator: "=").map(String.init)
      return "\(Python.text(parts[0])): \(parts.last ?? "1")"
    }
    return ", resources={\(pairs.joined(separator: ", "))}"
  }
}

/// Values as Python reads them.
private enum Python {
  static func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

  static func text(_ text: String) -> String { literal(Array(text.utf8)) }

  /// A string; what is no UTF-8 is one of bytes.
  static func literal(_ bytes: [UInt8]) -> String {
    let isText = String(validating: bytes, as: UTF8.self) != nil
    let escaped = bytes.map { byte in
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
      case 0..<32, 127: escape(byte)
      case 128...: isText ? [byte] : escape(byte)
      default: [byte]
      }
    }
    return (isText ? "\"" : "b\"") + String(decoding: escaped.joined(), as: UTF8.self) + "\""
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    let digits = String(byte, radix: 16)
    return Array("\\x\(digits.count == 1 ? "0" : "")\(digits)".utf8)
  }
}
