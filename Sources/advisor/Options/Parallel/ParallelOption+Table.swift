/// GNU parallel's options (parallel(1), 20221122) and ours. A test compares the names of ours with what the parser knows.
extension ParallelOption {
  static let renamed: [String: ParallelOption] = [
    "j": .value("workers"), "P": .value("workers"), "jobs": .value("workers"), "max-procs": .value("workers"),
    "a": .value("inputs"), "arg-file": .value("inputs"), "0": .flag("null"), "C": .value("colsep"),
    "d": .value("delimiter"), "E": .value("eof"), "xapply": .flag("link"), "shuffle": .flag("shuf"),
    "n": .value("batch"), "max-args": .value("batch"), "N": .value("records"), "max-replace-args": .value("records"),
    "L": .value("max-lines"), "l": .value("max-lines"), "s": .value("max-chars"),
    "m": .flag("spread"), "X": .flag("context-replace"), "xargs": .flag("full"),
    "I": .value("replace"), "replace": .value("replace"),
    "U": .value("replacement=.="), "extensionreplace": .value("replacement=.="), "er": .value("replacement=.="),
    "basenamereplace": .value("replacement=/="), "bnr": .value("replacement=/="),
    "dirnamereplace": .value("replacement=//="), "dnr": .value("replacement=//="),
    "basenameextensionreplace": .value("replacement=/.="), "bner": .value("replacement=/.="),
    "seqreplace": .value("replacement=#="), "slotreplace": .value("replacement=%="),
    "q": .flag("quote"), "k": .flag("keep-order"), "keeporder": .flag("keep-order"),
    "ctag": .flag("tag"), "tag-string": .value("tagstring"), "ctagstring": .value("tagstring"),
    "ctag-string": .value("tagstring"), "block-size": .value("block"), "lb": .flag("line-buffer"),
    "line-buffered": .flag("line-buffer"),
    "linebuffer": .flag("line-buffer"), "u": .flag("no-group"), "ungroup": .flag("no-group"), "g": .flag("group"),
    "v": .flag("show-commands"), "t": .flag("trace"), "verbose": .flag("trace"), "wd": .value("cwd"),
    "workdir": .value("cwd"), "res": .value("results"), "result": .value("results"), "jl": .value("joblog"),
    "resumefailed": .flag("resume-failed"), "retryfailed": .flag("retry-failed"), "dr": .flag("dry-run"),
    "spreadstdin": .flag("pipe"),
    "halt-on-error": .value("halt"), "dryrun": .flag("dry-run"),
    "pipepart": .flag("pipepart"), "roundrobin": .flag("round-robin"),
    "progress": .choice("progress", ["none", "plain", "bar", "json"]),
  ]

  static let needless: Set<String> = [
    "r", "no-run-if-empty", "will-cite", "citation", "no-notice", "bibtex", "compress", "eta", "bar", "color",
    "colour", "color-failed", "colour-failed", "color-fail", "colour-fail", "cf", "gnu", "plain", "noswap", "nonotice",
    "nn",
    "use-cpus-instead-of-cores", "use-cores-instead-of-threads", "use-sockets-instead-of-threads", "x", "exit",
    "silent",
  ]

  static let needlessWithValue: Set<String> = [
    "load", "memfree", "memsuspend", "compress-program", "decompress-program", "use-compress-program",
    "use-decompress-program", "total-jobs", "total",
    "max-line-length-allowed-by", "limit",
  ]

  private static let remote = "for several machines see `advisor run --engine dask` and `--engine slurm`"
  private static let lock = "to hold a lock while a command runs, write `flock FILE COMMAND`"
  private static let perl = "it takes Perl; use sed or a shell's ${x%.gz}, or --plus's {%.gz}, {:2} and {/a/b}"
  private static let folder = "write TMPDIR=DIR advisor run …"
  private static let stop = "a task gets SIGTERM, and SIGKILL two seconds later"
  private static let terminal = "only a command without inputs reads the terminal"
  private static let database = "write --results FILE.csv, and load that"

  static let absent: [String: (advice: String, takesValue: Bool)] = [
    "urls": ("write advisor download LIST --into DIR", true), "python": ("write advisor map MODULE:FUNCTION", true),
    "S": (remote, true), "sshlogin": (remote, true), "sshloginfile": (remote, true), "slf": (remote, true),
    "hostgrp": (remote, false), "rsync-opts": (remote, true), "transfer-files": (remote, true),
    "filter-host": (remote, false), "onall": (remote, false), "nonall": (remote, false), "transfer": (remote, false),
    "transferfile": (remote, true),
    "tf": (remote, true), "return": (remote, true), "trc": (remote, true), "cleanup": (remote, false),
    "basefile": (remote, true), "bf": (remote, true), "hostgroups": (remote, false), "hostgroup": (remote, false),
    "hgrp": (remote, false), "sshdelay": (remote, true), "controlmaster": (remote, false), "M": (remote, false),
    "ssh": (remote, true), "filter-hosts": (remote, false), "filter": (perl, true),
    "semaphore": (lock, false), "fg": (lock, false), "id": (lock, true), "semaphorename": (lock, true),
    "semaphore-timeout": (lock, true), "st": (lock, true), "bg": (lock, false), "wait": (lock, false),
    "rpl": (perl, true), "parens": (perl, true), "sql": (database, true), "sqlmaster": (database, true),
    "sqlworker": (database, true), "sqlandworker": (database, true),
    "tmux": ("run advisor itself in tmux; --line-buffer --tag shows all outputs", false),
    "tmuxpane": ("run advisor itself in tmux; --line-buffer --tag shows all outputs", false),
    "latest-line": ("--line-buffer --tag shows each line as it comes", false),
    "ll": ("--line-buffer --tag shows each line as it comes", false),
    "p": ("look at --dry-run first", false), "interactive": ("look at --dry-run first", false),
    "files": ("write --results DIR: each output is in DIR/1/INPUT/stdout", false),
    "output-as-files": ("write --results DIR: each output is in DIR/1/INPUT/stdout", false),
    "files0": ("write --results DIR: each output is in DIR/1/INPUT/stdout", false),
    "tmpdir": (folder, true), "tempdir": (folder, true), "termseq": (stop, true), "term-seq": (stop, true),
    "tty": (terminal, false), "open-tty": (terminal, false), "o": (terminal, false),
    "shellquote": ("write printf '%q' in bash", false), "shell-quote": ("write printf '%q' in bash", false),
    "J": ("put the options into a shell alias or function", true),
    "record-env": ("tasks get the whole environment, with exported functions", false),
    "number-of-cpus": ("write advisor cpus, or advisor probe", false),
    "number-of-cores": ("write advisor cpus, or advisor probe", false),
    "number-of-sockets": ("write advisor cpus, or advisor probe", false),
    "number-of-threads": ("write advisor cpus, or advisor probe", false),
    "max-line-length-allowed": ("write getconf ARG_MAX", false), "show-limits": ("write getconf ARG_MAX", false),
    "shell-completion": ("make install brings the completions of advisor", true),
    "regexp": ("--recend and --recstart are texts; mark the records by sed or awk before", false),
    "regex": ("--recend and --recstart are texts; mark the records by sed or awk before", false),
    "remove-rec-sep": ("records keep their ends; take them off by tr or sed in the task", false),
    "rrs": ("records keep their ends; take them off by tr or sed in the task", false),
    "block-timeout": ("a block is handed on when it is full", true),
    "bt": ("a block is handed on when it is full", true),
    "template": ("write the file in the task: sed s/X/{}/ FILE | …", true),
    "tmpl": ("write the file in the task: sed s/X/{}/ FILE | …", true),
    "embed": ("a script calls advisor as it is", false), "shebang": ("write a script that calls advisor run", false),
    "shebang-wrap": ("write a script that calls advisor run", false),
    "hashbang": ("write a script that calls advisor run", false),
    "skip-first-line": ("write tail -n +2 FILE | advisor run …", false),
    "cat": ("tasks of --pipe read their standard input", false),
    "fifo": ("tasks of --pipe read their standard input", false),
    "tee": ("write tee >(COMMAND) >(COMMAND)", false), "shard": ("split the input by awk before", true),
    "bin": ("split the input by awk before", true), "group-by": ("split the input by awk before", true),
    "process-slot-var": ("tasks have PARALLEL_JOBSLOT, and {%}", true),
  ]

  static let ownValues: Set<String> = [
    "job", "job-file", "workers", "strategy", "threads", "inputs", "batch", "pipe-part", "block", "recend",
    "recstart", "results", "retries", "retry-delay", "spawners", "timeout", "halt", "nice", "env", "cwd", "joblog",
    "journal",
    "engine", "scheduler", "tls-ca", "tls-cert", "tls-key", "upload", "resource", "engine-program",
    "shared-folder", "sbatch", "interpreter", "profile", "jobserver", "spool-limit", "colsep", "header", "records",
    "max-lines", "max-chars", "delimiter", "eof", "trim", "replace", "replacement", "arg-sep", "arg-file-sep",
    "tagstring", "delay",
  ]

  static let names = Array(renamed.keys) + needless + needlessWithValue + absent.keys + ownValues
}
