private import func Glibc.exp
private import func Glibc.pow

/// The mean wait of M/G/c from that of M/M/c and the spread of service times alone.
///
/// W. Whitt, "Approximations for the GI/G/m queue", Production and Operations Management 2(2), 1993, equations 2.14 to
/// 2.25 with Poisson arrivals.
enum WhittApproximation {
  /// What the mean wait with exponential service is to be multiplied by.
  static func factor(scv: Double, utilisation: Double, servers: Int) -> Double {
    let m = Double(servers)
    let gamma = min(
      0.24, (1 - utilisation) * (m - 1) * ((4 + 5 * m).squareRoot() - 2) / (16 * m * utilisation))
    let phi1 = 1 + gamma
    let phi3 = (1 - 4 * gamma) * exp(-2 * (1 - utilisation) / (3 * utilisation))
    let phi4 = min(1, (phi1 + phi3) / 2)
    let mean = (1 + scv) / 2
    let psi = mean >= 1 ? 1 : pow(phi4, 2 * (1 - mean))
    let correction =
      scv <= 1
      ? (4 * (1 - scv) * phi1 + scv * psi) / (4 - 3 * scv)
      : ((scv - 1) * phi3 + (scv + 3) * psi) / (2 + 2 * scv)
    return mean * correction
  }
}
