#!/usr/bin/env bash
# Every verb of this repository; './build.sh help' lists them. Needs the .NET 10 SDK and nothing else.
set -eu
export FCPFAST_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
exec dotnet run --file "$FCPFAST_ROOT/src/build.cs" -- "$@"
