import Testing

@testable import Probe

@Suite struct CgroupMountTests {
  @Test(
    "A line of mountinfo is read",
    arguments: [
      (
        "34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset",
        CgroupMount(controllers: ["rw", "cpuset"], root: "/", point: "/sys/fs/cgroup/cpuset")
      ),
      (
        "41 31 0:38 /docker/1f /sys/fs/cgroup rw shared:9 master:3 - cgroup2 cgroup2 rw,nsdelegate",
        CgroupMount(controllers: nil, root: "/docker/1f", point: "/sys/fs/cgroup")
      ),
      (
        #"50 31 0:40 /../.. /mnt/with\040blank\134 rw - cgroup cgroup rw,cpu,cpuacct"#,
        CgroupMount(controllers: ["rw", "cpu", "cpuacct"], root: "/../..", point: #"/mnt/with blank\"#)
      ),
    ])
  func readsMountInfo(line: String, mount: CgroupMount) {
    #expect(CgroupMount(mountinfo: bytes(line)[...]) == mount)
  }

  /// Other file systems, lines that were cut off, and a dash where there must be none.
  @Test(
    "Other lines are passed over",
    arguments: [
      "22 27 0:21 / /proc rw,relatime - proc proc rw", "34 31 0:31 / /sys/fs/cgroup rw,relatime cgroup cgroup rw",
      "34 31 0:31 / /sys/fs/cgroup rw - cgroup", "34 31 - cgroup cgroup rw,cpuset", "",
    ])
  func passesOverOtherLines(line: String) {
    #expect(CgroupMount(mountinfo: bytes(line)[...]) == nil)
  }

  /// The path that `/proc/self/cgroup` writes, seen through a mount (cgroup_namespaces(7)).
  @Test(
    "Cgroups are located below their mounts",
    arguments: [
      ("/", "/", "/m"),
      ("/", "/a/b", "/m/a/b"),
      ("/a", "/a", "/m"),
      ("/a", "/a/b", "/m/b"),
      // Another group whose name starts alike.
      ("/a", "/ab", nil),
      ("/docker/1f", "/", nil),
      // A neighbour of the namespace's root, which only a mount from above shows.
      ("/", "/../b", nil),
      ("/..", "/../b", "/m/b"),
    ])
  func locatesCgroups(root: String, path: String, folder: String?) {
    #expect(CgroupMount(controllers: nil, root: root, point: "/m").folder(of: path) == folder)
  }
}
