/// The names of Arm cores by the two numbers that `/proc/cpuinfo` has instead of a name.
///
/// From the vendors' manuals (the register MIDR_EL1), as Linux lists them in `arch/arm64/include/asm/cputype.h` and
/// lscpu in `sys-utils/lscpu-arm.c`.
enum ArmParts {
  /// `implementer 0x41 part 0xd99` for a core that is newer than this table.
  static func name(implementer: Int, part: Int) -> String {
    names[implementer]?[part]
      ?? "implementer 0x\(String(implementer, radix: 16)) part 0x\(String(part, radix: 16))"
  }

  private static let names: [Int: [Int: String]] = [
    0x41: [
      0xc05: "Cortex-A5", 0xc07: "Cortex-A7", 0xc08: "Cortex-A8", 0xc09: "Cortex-A9", 0xc0d: "Cortex-A12",
      0xc0e: "Cortex-A17", 0xc0f: "Cortex-A15", 0xd01: "Cortex-A32", 0xd02: "Cortex-A34", 0xd03: "Cortex-A53",
      0xd04: "Cortex-A35", 0xd05: "Cortex-A55", 0xd06: "Cortex-A65", 0xd07: "Cortex-A57", 0xd08: "Cortex-A72",
      0xd09: "Cortex-A73", 0xd0a: "Cortex-A75", 0xd0b: "Cortex-A76", 0xd0c: "Neoverse-N1", 0xd0d: "Cortex-A77",
      0xd0e: "Cortex-A76AE", 0xd40: "Neoverse-V1", 0xd41: "Cortex-A78", 0xd42: "Cortex-A78AE", 0xd44: "Cortex-X1",
      0xd46: "Cortex-A510", 0xd47: "Cortex-A710", 0xd48: "Cortex-X2", 0xd49: "Neoverse-N2", 0xd4a: "Neoverse-E1",
      0xd4b: "Cortex-A78C", 0xd4c: "Cortex-X1C", 0xd4d: "Cortex-A715", 0xd4e: "Cortex-X3", 0xd4f: "Neoverse-V2",
      0xd80: "Cortex-A520", 0xd81: "Cortex-A720", 0xd82: "Cortex-X4", 0xd84: "Neoverse-V3", 0xd85: "Cortex-X925",
      0xd87: "Cortex-A725", 0xd8e: "Neoverse-N3",
    ],
    0x42: [0x516: "ThunderX2"],
    0x43: [0x0a1: "ThunderX", 0x0a2: "ThunderX-81XX", 0x0a3: "ThunderX-83XX", 0x0af: "ThunderX2"],
    0x46: [0x001: "A64FX"],
    0x48: [0xd01: "Kunpeng-920"],
    0x4e: [0x000: "Denver", 0x003: "Denver 2", 0x004: "Carmel", 0x010: "Olympus"],
    0x51: [
      0x001: "Oryon", 0x00f: "Scorpion", 0x02d: "Scorpion", 0x04d: "Krait", 0x06f: "Krait", 0x200: "Kryo",
      0x201: "Kryo", 0x205: "Kryo", 0x211: "Kryo", 0x800: "Kryo 2XX Gold", 0x801: "Kryo 2XX Silver",
      0x802: "Kryo 3XX Gold", 0x803: "Kryo 3XX Silver", 0x804: "Kryo 4XX Gold", 0x805: "Kryo 4XX Silver",
      0xc00: "Falkor", 0xc01: "Saphira",
    ],
    0x53: [0x001: "Exynos M1", 0x002: "Exynos M3", 0x003: "Exynos M4", 0x004: "Exynos M5"],
    0x61: [
      0x022: "Icestorm (M1)", 0x023: "Firestorm (M1)", 0x024: "Icestorm (M1 Pro)", 0x025: "Firestorm (M1 Pro)",
      0x028: "Icestorm (M1 Max)", 0x029: "Firestorm (M1 Max)", 0x032: "Blizzard (M2)", 0x033: "Avalanche (M2)",
    ],
    0x6d: [0xd49: "Azure Cobalt 100"],
    0xc0: [0xac3: "Ampere-1", 0xac4: "Ampere-1A"],
  ]
}
