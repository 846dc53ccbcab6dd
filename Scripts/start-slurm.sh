#!/usr/bin/env bash
# Starts a Slurm of our own on this machine, without systemd and as any user: a controller, N nodes of one CPU and their
# munge. Afterwards SLURM_CONF=DIR/slurm.conf finds it; `kill $(cat DIR/pids)` ends it.
#   usage: start-slurm.sh N DIR
set -euo pipefail
nodes=${1:?usage: start-slurm.sh N DIR}
dir=$(realpath -m "${2:?usage: start-slurm.sh N DIR}")
host=$(hostname -s)
user=$(id -un)
base=$((20000 + $$ % 20000))
[ ! -e "$dir/slurm.conf" ] || rm -rf "$dir"
mkdir -p "$dir"/{state,spool,log,munge}
chmod 755 "$dir" "$dir/munge"
head -c 1024 /dev/urandom >"$dir/munge/key"
chmod 400 "$dir/munge/key"
/usr/sbin/munged --force --key-file="$dir/munge/key" --socket="$dir/munge/sock" --pid-file="$dir/munge/pid" \
  --log-file="$dir/munge/log" --seed-file="$dir/munge/seed" --num-threads=2 2>"$dir/munge/err"
cp "$dir/munge/pid" "$dir/pids"
cat >"$dir/slurm.conf" <<CONF
ClusterName=advisor
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$base
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/munge/sock
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.%n.log
PlugStackConfig=/dev/null
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
ReturnToService=2
SlurmdTimeout=10
SlurmctldTimeout=10
InactiveLimit=0
KillWait=2
MinJobAge=300
NodeName=n[1-$nodes] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((base + 1))-$((base + nodes))] CPUs=1 RealMemory=500 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$dir/slurm.conf
setsid /usr/sbin/slurmctld -D -f "$SLURM_CONF" >"$dir/log/slurmctld.out" 2>&1 &
echo $! >>"$dir/pids"
for i in $(seq "$nodes"); do
  setsid /usr/sbin/slurmd -D -N "n$i" -f "$SLURM_CONF" >"$dir/log/slurmd.n$i.out" 2>&1 &
  echo $! >>"$dir/pids"
done
for _ in $(seq 600); do
  [ "$(sinfo --noheader --Node --format=%T 2>/dev/null | grep -cx idle)" != "$nodes" ] || exit 0
  sleep 0.1
done
echo "Slurm did not come up: see $dir/log" >&2
exit 75
