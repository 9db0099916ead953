#!/usr/bin/env bash
# The nightly campaign: 10,000 seeds, spread evenly over all scenarios, and everything that a scenario declares must be hit at least
# once. Interrupted, it goes on where it stopped when the same command is given again. Exit codes are those of 'sim run'.
#   tools/Campaigns/nightly.sh [FOLDER] [SEEDS]
# Failing seeds go to the folder 'corpus' beside FOLDER, and run first the next night. SIM is the command that runs sim; without it
# this checkout is built and run.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=${1:-night/$(git rev-parse --short HEAD)}
[ -n "${SIM:-}" ] || dotnet build tools/Sim -c Release -v q -nologo || exit 2
read -ra sim <<< "${SIM:-dotnet tools/Sim/bin/Release/net10.0/tools.Sim.dll}"
mapfile -t scenarios < <("${sim[@]}" list | cut -d ' ' -f 1)
each=$(( (${2:-10000} + ${#scenarios[@]} - 1) / ${#scenarios[@]} ))
mkdir -p "$folder" || exit 2
exec "${sim[@]}" run "${scenarios[@]}" --seeds "$each" --fail-cold --resume --out "$folder" \
  --corpus "$(dirname "$folder")/corpus" --json "$folder/report.json" --junit "$folder/report.xml"
