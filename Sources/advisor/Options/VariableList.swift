import AdvisorCore
import Console
import Runtimes
import System

/// Every variable that is known, with what reads it and whether that is installed (`advisor.variables/1`).
struct VariableList: Encodable {
  struct Row: Encodable {
    var name: String
    var runtime: String
    var kind: CPUCount.Purpose
    var since: String
    var link: String
    /// Null where nothing on the path would tell.
    @Nullable var isInstalled: Bool?
    /// What `advisor env` would make of it; null for one that is set only when it is named with --only.
    @Nullable var value: String?
    var setByUser: Bool
  }

  var schema = "advisor.variables/1"
  var cpus: CPUCount.Choices
  var variables: [Row]

  init(_ count: CPUCount, _ settings: RuntimeSettings) {
    cpus = count.choices
    let folders = (Environment.value("PATH") ?? "/usr/bin:/bin").split(separator: ":").map(String.init)
    variables = RuntimeSettings.table.map { row in
      let setting = settings.variables.first { $0.name == row.name }
      return Row(
        name: row.name, runtime: row.runtime, kind: row.purpose, since: row.since, link: row.link,
        isInstalled: row.programs.isEmpty ? nil : row.programs.contains { Self.isProgram($0, in: folders) },
        value: setting?.value, setByUser: setting?.setByUser ?? false)
    }
  }

  private static func isProgram(_ name: String, in folders: [String]) -> Bool {
    folders.contains { FileAccess.canExecute("\($0)/\(name)") }
  }

  var text: String {
    let rows = variables.map { row in
      [
        row.name, row.runtime, row.kind.rawValue, row.isInstalled.map { $0 ? "yes" : "no" } ?? "",
        row.setByUser ? "yours" : row.value.map { $0.count > 5 ? "…\($0.suffix(4))" : $0 } ?? "–",
      ]
    }
    return Table(
      [
        .init("variable"), .init("read by"), .init("kind", isMinor: true), .init("here", isMinor: true), .init("value"),
      ], rows: rows
    ).text + "\n\n"
      + TextReport.wrap("Links to where each is documented, and since which version it is read: --json.", lead: "")
  }
}
