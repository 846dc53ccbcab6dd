/// The scheduler's time slice: how long a thread runs before the next runnable one gets the CPU.
enum TimeSlice {
  /// Linux, `sysctl_sched_base_slice` in kernel/sched/fair.c: 0.7 ms times 1 + log₂ of the CPUs, of which at most eight count.
  static let seconds = 2.8e-3

  /// How evenly more threads than CPUs share them, from 0 (first come, first served) to 1 (equal shares), by the time a task takes
  /// alone.
  ///
  /// Tasks no longer than a slice keep their CPU and run one after the other; for longer ones schedulers lie between the two, and
  /// the middle is taken (docs/model.md, 4.4).
  static func evenness(ofTasksOf alone: Double) -> Double { 0.5 * min(1, max(0, alone / seconds - 1)) }
}
