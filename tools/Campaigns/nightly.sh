#!/usr/bin/env bash
# The nightly campaign: 10,000 seeds, and everything that is declared must be hit at least once. Interrupted, it goes on where it
# stopped when the same command is given again. Exit codes are those of 'sim run'.
#   tools/Campaigns/nightly.sh [FOLDER] [SEEDS]
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=${1:-night/$(git rev-parse --short HEAD)}
dotnet build tools/Sim -c Release -v q -nologo || exit 2
exec dotnet tools/Sim/bin/Release/net10.0/tools.Sim.dll run --seeds "${2:-10000}" --fail-cold --resume --out "$folder" \
  --corpus night/corpus --json "$folder/report.json" --junit "$folder/report.xml"
