#!/usr/bin/env bash
# One campaign under GNU parallel, here or on the machines of --sshloginfile; a shard is a job.
#   tools/Campaigns/parallel.sh SHARDS FOLDER [OPTIONS of 'sim run']
#   then: sim merge FOLDER --out report.json
# GNU parallel tells a job its number (PARALLEL_SEQ) but not how many there are: that is SIM_SHARDS. Give options to parallel itself
# in PARALLEL. SIM is the command that runs sim; by default the build of this checkout.
set -u
shards=${1:?give the number of shards}
folder=${2:?give the folder of the campaign}
shift 2
export SIM_SHARDS=$shards
sim=${SIM:-dotnet tools/Sim/bin/Release/net10.0/tools.Sim.dll}
# {} is replaced by the shard's number. Each shard runs on one thread: as many shards at once as there are processors.
seq "$shards" | parallel --no-run-if-empty --line-buffer "$sim run $* --jobs 1 --out $folder/{} --resume"
