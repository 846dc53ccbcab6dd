#!/usr/bin/env bash
# Tries the program as root in folders where another user has been before, and as that user on what root has made.
#
# usage: Scripts/test-hostile.sh ADVISOR
# Needs root, to be two users; what needs a tool that is not there (chromium, strace, python3) is skipped and said.
set -uo pipefail

program=$(realpath "${1:?usage: $0 ADVISOR}")
if [ "$(id -u)" -ne 0 ]; then
  echo "$0: skipped: only root can be two users: sudo $0 $program" >&2
  exit 0
fi
profile=$(realpath "$(dirname "$0")/../profiles/intel-xeon-vm-16cpu.json")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 711 "$work"
failed=0
umask 022

# The other user has no name and no rights.
as_other=(setpriv --reuid 65534 --regid 65534 --clear-groups --)
other() { "${as_other[@]}" "$@"; }
# Whatever was planted, nothing may wait for long, nor look at the user's own settings.
advisor() { timeout 60 env XDG_DATA_HOME="$work/data" XDG_CACHE_HOME="$work/cache" "$program" "$@" >"$work/out" 2>"$work/err"; }

verdict() { # WORDS: of the last command's status
  if [ "$1" -eq 0 ]; then
    echo "ok    $2"
  else
    failed=1
    echo "FAIL  $2"
    tail -n 3 "$work/err" | cut -c1-200
  fi
}

# A fresh shared folder, and the file that nobody but root may change.
fresh() {
  rm -rf "$work/shared" "$work/victim" "$work/absent" "$work/own"
  mkdir -m "${1:-1777}" "$work/shared"
  chown "${2:-0}" "$work/shared"
  mkdir "$work/own"
  echo precious >"$work/victim"
  chmod 600 "$work/victim"
  sum=$(ls -lin --time-style=full-iso "$work/victim" | cut -d' ' -f1-2,4-)
  : >"$work/err"
}
unharmed() {
  [ "$(cat "$work/victim")" = precious ] && [ ! -e "$work/absent" ] && [ -z "$(ls -A "$work/own")" ] &&
    [ "$(ls -lin --time-style=full-iso "$work/victim" | cut -d' ' -f1-2,4-)" = "$sum" ]
}

plant() { # KIND PATH
  case $1 in
  "a link") other ln -s "$work/victim" "$2" ;;
  "a dangling link") other ln -s "$work/absent" "$2" ;;
  "a link to a device") other ln -s /dev/full "$2" ;;
  "a link to a folder") other ln -s "$work/own" "$2" ;;
  "a pipe") other mkfifo -m 666 "$2" ;;
  "a file") other touch "$2" ;;
  # Where the kernel lets others make one (fs.protected_hardlinks=0).
  "a hard link") ln "$work/victim" "$2" ;;
  esac
}

# Each way in which the program writes a file, under the planted name.
write() { # WAY PATH
  case $1 in
  --snapshot) advisor probe --snapshot "$2" ;;
  --output) advisor report --no-history --profile "$profile" --output "$2" ;;
  --journal | --joblog) advisor run --no-history "$1" "$2" -- true ::: a ;;
  --resume) advisor run --no-history --journal "$2" --resume -- true ::: a ;;
  --results) advisor run --no-history --results "$2" -- echo ::: a ;;
  --into) advisor download /dev/null --no-history --into "$2" ;;
  esac
}

for way in --snapshot --output --journal --joblog --resume --results --into; do
  for kind in "a link" "a dangling link" "a link to a device" "a link to a folder" "a pipe" "a file" "a hard link"; do
    for place in 1777 777 "755 65534"; do
      # A folder's owner may have files in it.
      [ "$place$kind" != "755 65534a file" ] || continue
      fresh $place
      path=$work/shared/entry
      [ $way != --output ] || path+=.json
      plant "$kind" "$path"
      write $way "$path"
      status=$?
      if [ $status -ne 124 ] && unharmed; then continue; fi
      verdict 1 "$way where another user has put $kind, in a folder of mode $place (status $status)"
      continue 3
    done
  done
  verdict 0 "$way where another user has put links, pipes and files"
done

fresh
for number in $(seq 3000); do echo "$work/shared/m.tar.gz.partial-$(($$ + number))"; done |
  other xargs -n 1 ln -s "$work/victim"
write --snapshot "$work/shared/m.tar.gz"
unharmed && [ -s "$work/shared/m.tar.gz" ]
verdict $? "a name that could be guessed leads nowhere"

fresh
other ln -s "$work/own" "$work/shared/folder"
for way in --snapshot --output --journal --results --into; do write $way "$work/shared/folder/new.json"; done
unharmed
verdict $? "a link to a folder in the middle of a path is not gone through"

fresh
other mkdir -p "$work/shared/r/1/a"
other ln -s "$work/victim" "$work/shared/r/1/a/stdout"
other ln -s "$work/own" "$work/shared/r/1/b"
advisor run --no-history --results "$work/shared/r" -- echo ::: a b
unharmed
verdict $? "links below a results folder are not followed"

fresh
other mkdir -m 777 "$work/shared/files"
other ln -s "$work/victim" "$work/shared/files/f.part"
ln "$work/victim" "$work/shared/files/g.part"
other ln -s "$work/victim" "$work/shared/files/h.part.from"
python3 -c 'pass' 2>/dev/null && {
  : >"$work/server"
  (cd "$work" && mkdir -p www && head -c 3000000 /dev/zero | tee www/f www/g >www/h && cd www &&
    exec python3 -u -m http.server 0 --bind 127.0.0.1) >"$work/server" 2>&1 &
  server=$!
  until grep -q 'port' "$work/server"; do sleep 0.1; done
  port=$(grep -o 'port [0-9]*' "$work/server" | cut -d' ' -f2)
  printf 'http://127.0.0.1:%s/%s\n' "$port" f "$port" g "$port" h >"$work/list"
  advisor download "$work/list" --no-history --retries 0 --into "$work/shared/files"
  kill $server
  wait $server 2>/dev/null
  unharmed
  verdict $? "links in place of a download's parts are not written to"
}

# The name is a link for half of the time.
fresh
"${as_other[@]}" sh -c 'while :; do ln -s "$1" "$2"; rm -f "$2"; done' - "$work/victim" "$work/shared/race" 2>/dev/null &
racer=$!
for _ in $(seq 20); do
  for way in --journal --snapshot; do write $way "$work/shared/race"; done
done
kill $racer
wait $racer 2>/dev/null
unharmed
verdict $? "a link that comes and goes is never written through"

# What root has made, the other user must not read.
fresh
rm -rf "$work/data"
(umask 000 && advisor run -- sleep ::: 1.1)
advisor history
[ "$(stat -c %a "$work/data/advisor")" = 700 ] && [ "$(stat -c %a "$work/data/advisor/history.sqlite")" = 600 ] &&
  ! other cat "$work/data/advisor/history.sqlite" >/dev/null 2>&1
verdict $? "nobody else reads the history, whatever the umask"

# A plotter that looks at its folder as the other user does.
mkdir -p "$work/bin"
cat >"$work/bin/gnuplot" <<PLOTTER
#!/bin/sh
folder=\$(dirname "\$1")
{ stat -c %a "\$folder" "\$1"; ${as_other[*]} ls "\$folder" 2>&1; } >>"$work/seen"
exit 1
PLOTTER
chmod 755 "$work/bin/gnuplot"
rm -f "$work/seen"
(umask 000 && PATH=$work/bin:$PATH advisor report --no-history --profile "$profile" --output "$work/own/r.html")
[ -s "$work/seen" ] && ! grep -qvE '^(700|600)$|denied' "$work/seen"
verdict $? "nobody else looks into a scratch folder"

# A folder in which programs and libraries lie ready.
fresh
for name in gzip gnuplot chromium python3 libnuma.so.1 libcurl.so.4; do
  printf '#!/bin/sh\necho ran >"%s/absent"\n' "$work" | other tee "$work/shared/$name" >/dev/null
  other chmod 755 "$work/shared/$name"
done
(cd "$work/shared" && advisor probe --snapshot "$work/own/m.tar.gz" &&
  advisor report --no-history --profile "$profile" --output "$work/own/r.html" && rm -f "$work/own"/* && unharmed)
verdict $? "nothing is started from the current folder"

if command -v python3 >/dev/null; then
  fresh
  mkdir -p "$work/cache/advisor"
  tag=$(python3 -c 'import sys; print(sys.implementation.cache_tag)')
  printf 'def f(x):\n    return x + 1\n' >"$work/m.py"
  echo 1 >"$work/in.jsonl"
  passed=0
  for kind in "a pipe" "a file" "a link"; do
    rm -rf "$work/cache/advisor"
    mkdir -pm 777 "$work/cache/advisor"
    chmod 777 "$work/cache/advisor"
    plant "$kind" "$work/cache/advisor/python-host-$tag"
    (cd "$work" && advisor map m:f --no-history --inputs in.jsonl) && grep -q '^2$' "$work/out" && unharmed || passed=1
  done
  verdict $passed "what another user keeps for an interpreter is neither waited for nor run"

  fresh
  for name in asyncio concurrent json os random runpy sitecustomize socket threading usercustomize; do
    echo "open('$work/absent', 'w')" | other tee "$work/shared/$name.py" >/dev/null
  done
  (cd "$work/shared" && advisor calibrate --level quick --runtime python3 --output "$work/own/p.json" &&
    [ -s "$work/own/p.json" ] && rm -f "$work/own"/* && unharmed)
  verdict $? "an interpreter that is measured imports nothing from the current folder"
fi

# Every port that is listened at while a job with downloads runs.
fresh
advisor run --no-history --profile "$profile" --strategy threads --workers 2 --job io:100x1KiB,latency=50ms &
listening() {
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/exe")" != "$program" ] ||
      find "$process/fd" -lname 'socket:*' -printf '%l\n' 2>/dev/null | tr -dc '0-9\n'
  done | sort -u | while read -r socket; do
    awk -v socket="$socket" '$4 == "0A" && $10 == socket {print $2}' /proc/net/tcp /proc/net/tcp6
  done
}
ports=
while [ -z "$ports" ] && [ -n "$(jobs -r)" ]; do ports=$(listening); done
wait
[ -n "$ports" ] && ! grep -qv '^0100007F:' <<<"$ports"
verdict $? "the only port that is listened at is one of the loopback"

if command -v chromium >/dev/null && command -v strace >/dev/null; then
  fresh
  timeout 120 strace -qq -ff -o "$work/calls" -e trace=connect,sendto,sendmsg,sendmmsg \
    env XDG_DATA_HOME="$work/data" "$program" report --no-history --profile "$profile" --output "$work/own/r.pdf" \
    >"$work/out" 2>"$work/err"
  # A datagram socket that is connected asks the kernel for a route, and sends nothing.
  sent=$(grep -hE 'AF_INET6?,' "$work"/calls.* | grep -v '^connect(.*htons(443)' || true)
  [ -s "$work/own/r.pdf" ] && [ -z "$sent" ]
  verdict $? "the browser that prints a report asks nobody anything"
  if unshare --net true 2>/dev/null; then
    rm -f "$work/own/r.pdf"
    unshare --net env XDG_DATA_HOME="$work/data" "$program" report --no-history --profile "$profile" --output "$work/own/r.pdf" \
      >"$work/out" 2>"$work/err"
    [ -s "$work/own/r.pdf" ]
    verdict $? "a report is printed without a network"
  fi
else
  echo "skip  the browser: install chromium and strace"
fi
exit $failed
