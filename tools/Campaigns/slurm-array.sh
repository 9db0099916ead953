#!/usr/bin/env bash
# One campaign as a Slurm array: each task runs its shard, read from the array's own variables, and can be requeued.
#   sbatch --array=1-8 tools/Campaigns/slurm-array.sh FOLDER [OPTIONS of 'sim run']
#   then: sim merge FOLDER --out report.json
# FOLDER must be shared by the nodes. SIM is the command that runs sim; by default the build of this checkout.
#SBATCH --job-name=sim
#SBATCH --requeue
#SBATCH --open-mode=append
set -u
folder=${1:?give the folder of the campaign}
shift
sim=${SIM:-dotnet tools/Sim/bin/Release/net10.0/tools.Sim.dll}
# Unquoted on purpose: a command with its arguments.
exec $sim run "$@" --jobs "${SLURM_CPUS_PER_TASK:-1}" --out "$folder/$SLURM_ARRAY_TASK_ID" --resume
