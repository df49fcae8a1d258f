#!/usr/bin/env bash
# Every verb of this repository; './build.sh help' lists them. Needs the .NET 10 SDK and nothing else.
set -eu
export FCPFAST_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
if ! (cd "$FCPFAST_ROOT" && dotnet --version) >/dev/null 2>&1; then
    sdks=$(dotnet --list-sdks 2>/dev/null | cut -d ' ' -f 1 | tr '\n' ' ') || true
    echo "build.sh: the .NET 10 SDK is needed (global.json); found: ${sdks:-no SDK on PATH}" >&2
    echo "Remedy: install it from https://dotnet.microsoft.com/download/dotnet/10.0, so that 'dotnet' is on PATH." >&2
    exit 3
fi
exec dotnet run --file "$FCPFAST_ROOT/src/build.cs" -- "$@"
