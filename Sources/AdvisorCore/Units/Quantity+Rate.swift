/// How much or how often in a time: `NUMBER[UNIT]/[NUMBER]TIME`.
extension Quantity {
  /// Reads how often something happens, per second: `200/s`, `100/30min`, `1,000 requests/h`, `90rpm`; a bare number is
  /// per second.
  public static func rate(_ text: some StringProtocol) -> Double? {
    rate(text) { amount in
      let word = ["requests", "request", "reqs", "req"].first { amount.hasSuffix($0) }
      return count(amount.dropLast(word?.count ?? 0))
    }
  }

  /// Reads bytes in a time, per second: `5MB/s`, `1.5 GiB/min`; bare bytes are per second.
  public static func byteRate(_ text: some StringProtocol) -> Double? { rate(text) { bytes($0) } }

  /// The forms of a rate and the units of time, for those who typed another one.
  public static let rateForms =
    "write a number and a time, such as 200/s, 1.5k/min or 100/30min; the time is s, sec, m, min, h, hour, d or day; "
    + "200rps and 90rpm are read too"

  /// The forms of a duration.
  public static let timeForms =
    "write a number and its unit, such as 50ms or 1h30m: ns, us, ms, s, sec, m, min, h, hour, d or day"

  private static func rate(_ text: some StringProtocol, of amount: (Substring) -> Double?) -> Double? {
    let (whole, time) = halves(Substring(text))
    guard let seconds = timeSuffixes[String(time)] ?? seconds(time), let number = amount(compact(whole)) else {
      return nil
    }
    let rate = number / seconds
    return rate.isFinite ? rate : nil
  }

  /// What is counted, and the time that it is counted in.
  private static func halves(_ text: Substring) -> (amount: Substring, time: Substring) {
    if let slash = text.firstIndex(of: "/") {
      return (text[..<slash], text[text.index(after: slash)...].trimmingASCIISpace)
    }
    for (word, time) in [("rps", "s"), ("rpm", "min")] where text.hasSuffix(word) {
      return (text.dropLast(word.count), Substring(time))
    }
    return (text, "s")
  }

  /// Without the commas between groups of three digits, and without spaces around the unit: `1,500 k ` → `1500k`.
  private static func compact(_ text: Substring) -> Substring {
    let digits = text.prefix { $0.isNumber || $0 == "," }
    let groups = digits.split(separator: ",", omittingEmptySubsequences: false)
    let isGrouped = (1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 }
    let (number, unit) = splitNumber((isGrouped ? groups.joined() : String(digits)) + text[digits.endIndex...])
    let bare = unit.filter { $0 != " " }
    return bare.first?.isNumber == true ? text : number + bare
  }
}
