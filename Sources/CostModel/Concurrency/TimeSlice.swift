/// For how long the scheduler lets a thread run before another that wants the CPU has its turn.
enum TimeSlice {
  /// Linux, `sysctl_sched_base_slice` in kernel/sched/fair.c: 0.7 ms times 1 + log₂ of the CPUs, of which at most eight count.
  static let seconds = 2.8e-3

  /// How far more threads than CPUs have equal shares of them, while each computes a task that takes so long alone.
  ///
  /// Tasks no longer than a slice keep their CPU, so that they come one after the other; of longer ones schedulers do something
  /// between that and equal shares, of which the middle is taken (docs/model.md, 4.3).
  static func evenness(ofTasksOf alone: Double) -> Double { 0.5 * min(1, max(0, alone / seconds - 1)) }
}
