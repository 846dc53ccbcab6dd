import AdvisorCore
import Documents
import System

/// Prints an HTML page to PDF with the browser that is there.
enum PagePrinter {
  private static let browsers = ["chromium", "chromium-browser", "google-chrome"]

  /// - Throws: `unavailable` without a browser, `cannotWrite` when it prints nothing.
  static func pdf(_ page: String) throws(AdvisorError) -> [UInt8] {
    let files = try Scratch()
    try files.write(page, to: "page.html")
    for browser in browsers {
      guard let exit = try? ChildProcess(Launch(arguments(browser, files), output: nil, error: nil)).wait() else {
        continue
      }
      guard exit.succeeded else { break }
      return [UInt8](try JSONDocument.contents(of: files.path("page.pdf")))
    }
    throw AdvisorError(
      .unavailable, "no browser could print the page: \(browsers.joined(separator: ", "))",
      advice: "install chromium, or write report.html and print it from a browser")
  }

  /// No host has an address, and nothing else is asked for it: browsers call their makers (Chromium's
  /// services/network/public/cpp/network_switches.cc and chrome/common/chrome_switches.cc name these).
  private static let offline = [
    "--host-resolver-rules=MAP * ~NOTFOUND", "--no-proxy-server", "--dns-prefetch-disable",
    "--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--disable-sync",
    "--disable-extensions", "--disable-default-apps", "--no-first-run", "--no-default-browser-check", "--no-pings",
  ]

  /// Without a sandbox, which needs rights that containers lack: the page is our own and loads nothing.
  private static func arguments(_ browser: String, _ files: borrowing Scratch) -> [String] {
    [browser, "--headless", "--disable-gpu", "--no-sandbox", "--no-pdf-header-footer"] + offline + [
      "--user-data-dir=\(files.path("browser"))",
      "--print-to-pdf=\(files.path("page.pdf"))", "file://\(files.path("page.html"))",
    ]
  }
}
