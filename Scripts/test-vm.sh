#!/usr/bin/env bash
# Compares the probe with lscpu, numactl, lstopo and nproc inside virtual machines with other topologies.
#
# usage: ADVISOR_VM=FOLDER Scripts/test-vm.sh ADVISOR [PRESET...]
#   FOLDER   holds numa_vm.sh, which runs a command in a QEMU machine
#   ADVISOR  the built program
#   PRESET   machines to try; all that numa_vm.sh knows by default
# With ADVISOR_VM_SNAPSHOTS=FOLDER each machine's snapshot is kept there: the fixtures of ProbeTests are made so.
set -euo pipefail

program=${1:?usage: ADVISOR_VM=FOLDER $0 ADVISOR [PRESET...]}
shift
if [[ -z ${ADVISOR_VM:-} ]]; then
  echo "$0: skipped: set ADVISOR_VM to the folder of numa_vm.sh" >&2
  exit 0
fi
vm=$ADVISOR_VM/numa_vm.sh
presets=("$@")
((${#presets[@]})) || mapfile -t presets < <("$vm" -l | awk '{print $1}')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/guest"
strip -o "$work/guest/advisor" "$program"

ask='mkdir /tmp/o && cd /tmp/o && /host/advisor probe --json --snapshot snapshot.tar.gz >probe.json &&
lscpu -p=CPU,CORE,SOCKET >lscpu.txt && lscpu -B -J -C=NAME,ONE-SIZE,ALL-SIZE,TYPE,LEVEL >caches.json &&
numactl --hardware >numactl.txt; lstopo --of xml --no-io --disallowed - >lstopo.xml; nproc >nproc.txt; tar -cf - .'

failed=0
for preset in "${presets[@]}"; do
  mkdir "$work/$preset"
  if "$vm" "$work/guest" "$ask" "$preset" 2>"$work/log" | tar -xf - -C "$work/$preset" &&
    said=$("$(dirname "$0")/compare-probe.py" "$work/$preset"); then
    echo "ok    $preset"
    [[ -z ${ADVISOR_VM_SNAPSHOTS:-} ]] || cp "$work/$preset/snapshot.tar.gz" "$ADVISOR_VM_SNAPSHOTS/$preset.tar.gz"
  else
    failed=1
    echo "FAIL  $preset"
    printf '%s\n' "${said:-}" "$(tail -n 5 "$work/log")"
  fi
done
exit $failed
