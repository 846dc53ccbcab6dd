public import AdvisorCore
/// Where this program keeps a user's data, by the XDG base directory specification.
public enum UserData {
  /// `$XDG_DATA_HOME/advisor`, or `~/.local/share/advisor`.
  ///
  /// - Parameters:
  ///   - environment: the process's variables.
  ///   - what: is kept there, for the message.
  ///   - way: out of having no such folder, an imperative for the message.
  /// - Throws: ``AdvisorError`` (cannotWrite) where neither `XDG_DATA_HOME` nor `HOME` says where that is.
  public static func folder(
    environment: [String: String], for what: String, otherwise way: String
  ) throws(AdvisorError) -> String {
    // The specification has relative paths ignored.
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return "\(data)/advisor" }
    guard let home = environment["HOME"], !home.isEmpty else {
      throw AdvisorError(
        .cannotWrite, "there is no place for \(what): neither XDG_DATA_HOME nor HOME is set",
        advice: "set HOME, or \(way)")
    }
    return "\(home)/.local/share/advisor"
  }
}
