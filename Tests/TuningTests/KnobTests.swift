import AdvisorCore
import Testing

@testable import Tuning

@Suite("Knobs and their places in a command") struct KnobTests {
  @Test("A knob is a range or a list")
  func parses() throws {
    #expect(try Knob("n=1..16").values == .range(1...16))
    #expect(try Knob("level=1,3,6,9").values == .list(["1", "3", "6", "9"]))
    #expect(try Knob("mode=fast,slow").values == .list(["fast", "slow"]))
    #expect(try Knob("x=7").values == .list(["7"]))
  }

  @Test(
    "Anything else is refused",
    arguments: ["n", "=1..2", "n=", "n=0..4", "n=4..1", "n=1..2..3", "n=1,,2", "n=1,1", "n=1..x", "1=2", "a b=1"])
  func refuses(text: String) {
    #expect { try Knob(text) } throws: { ($0 as? AdvisorError)?.code == .usage }
  }

  private func command(_ words: [String], _ knobs: [Knob] = []) throws -> TunedCommand {
    try TunedCommand(words.map { Array($0.utf8) }, knobs: knobs)
  }

  @Test("Values go into all places of a word, and bytes that are no text stay")
  func replaces() throws {
    let command = try TunedCommand(["sh", "-j{n}x{n}"].map { Array($0.utf8) } + [[0xff, 0x7b]], knobs: [])
    #expect(command.arguments(["8"]) == ["sh", "-j8x8"].map { Array($0.utf8) } + [[0xff, 0x7b]])
  }

  @Test("Without --knob, {n} is a number of workers, and {workers} with {threads} are tuned together")
  func finds() throws {
    #expect(try command(["true", "{n}"]).knobs == [Knob(name: "n")])
    #expect(try command(["true", "{workers}", "{threads}"]).knobs.map(\.name) == ["workers", "threads"])
    let tuner = try command(["true", "{workers}", "{threads}"]).tuner(start: nil, Tuner.Settings(cpus: 4))
    #expect(tuner.candidates.map(\.counts) == [[4, 1], [2, 2], [1, 4]])
  }

  @Test("A list of numbers of {n} is one of workers; of any other name its values are unrelated")
  func lists() throws {
    let settings = Tuner.Settings(cpus: 2)
    let workers = try command(["true", "{n}"], [Knob("n=1,2,4")]).tuner(start: nil, settings)
    #expect(workers.candidates.map(\.counts) == [[1], [2], [4]])
    #expect(workers.candidates[workers.start].counts == [2])
    let levels = try command(["true", "{level}"], [Knob("level=1,3,6")]).tuner(start: ["3"], settings)
    #expect(levels.candidates.map(\.values) == [["1"], ["3"], ["6"]] && levels.start == 1)
    let both = try command(["true", "{a}", "{b}"], [Knob("a=1,2"), Knob("b=x,y")]).tuner(start: nil, settings)
    #expect(both.candidates.map(\.values) == [["1", "x"], ["1", "y"], ["2", "x"], ["2", "y"]])
  }

  /// Of eight logical CPUs on four cores; sources are named in the table itself.
  @Test(
    "What a program takes by itself is known where the knob is its number of workers",
    arguments: [
      ("make -j{n} -B", 1), ("/usr/bin/make --jobs={n}", 1), ("ninja -j {n}", 10), ("cargo build -j{n}", 8),
      ("pytest -n {n} tests", 4), ("python3 -m pytest -n {n}", 4), ("npx jest --maxWorkers={n}", 7),
      ("xz -T{n} -k f", 8),
      ("zstd -T{n} f", 4), ("pigz -p {n} f", 8), ("sort --parallel={n} f", 8), ("gunicorn -w {n} app:app", 1),
      ("env OMP_NUM_THREADS={n} ./solve", 8), ("sh -c OMP_NUM_THREADS={n} ./solve", 8),
      ("sh -c seq 9 | xargs -P{n} curl", 1),
    ])
  func known(line: String, workers: Int) throws {
    let words = line.split(separator: " ").map { Array($0.utf8) }
    let program = try #require(KnownProgram(words, knob: "n"))
    #expect(program.usual.workers(cpus: 8, cores: 4) == workers)
  }

  @Test(
    "Nothing is said of another option, or of a program that is not known",
    arguments: ["make CFLAGS=-O{n}", "xz -{n} f", "./solve -j{n}", "sort -k{n} f", "zstd -{n} -T4 f"])
  func unknown(line: String) {
    #expect(KnownProgram(line.split(separator: " ").map { Array($0.utf8) }, knob: "n") == nil)
  }

  @Test("A place of a knob has a name; those of inputs have none")
  func places() {
    func hasPlace(_ text: String) -> Bool { Knob.hasPlace(in: [Array("gzip".utf8), Array(text.utf8)]) }
    #expect(hasPlace("-j{n}") && hasPlace("a{}b{level}") && hasPlace("{a_b-1}"))
    #expect(!["{}", "{.}", "{/}", "{1}", "{ n }", "{", "}{", "{n", "n}", "${"].contains(where: hasPlace))
  }

  @Test("The figure is the first group of the last match, or all of it")
  func figures() throws {
    let output = Array("1,000.5 req/s\n2 req/s\nlatency 7ms\n".utf8)
    #expect(try FigurePattern("([0-9.,]+) req/s").value(in: output) == 2)
    #expect(try FigurePattern("[0-9]+(?=ms)").value(in: output) == 7)
    #expect(try FigurePattern("([0-9,.]+) req/s\\n2").value(in: output) == 1000.5)
    #expect(try FigurePattern("nothing").value(in: output) == nil)
  }

  @Test("Kept values hold for machines with the same CPUs and about as much memory")
  func alike() throws {
    var machine = MachineClass(architecture: "x86_64", model: "A", cpus: 8, memoryBytes: 16 << 30)
    let same = machine
    #expect(machine.isAlike(same))
    machine.memoryBytes = 18 << 30
    #expect(machine.isAlike(same))
    machine.memoryBytes = 32 << 30
    #expect(!machine.isAlike(same))
    machine = same
    machine.cpus = 4
    #expect(!machine.isAlike(same))
    var values = TunedValues()
    for n in ["4", "6"] {
      values.set(TunedValues.Entry(command: "make -j{n}", machine: same, values: ["n": n], date: "2026-11-29"))
    }
    #expect(values.tuned.map(\.values) == [["n": "6"]])
    #expect(values.entry(of: "make -j{n}", on: machine) == nil)
  }
}
