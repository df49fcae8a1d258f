# Every verb of this repository; "./build.ps1 help" lists them. Needs the .NET 10 SDK and nothing else.
$ErrorActionPreference = "Stop"
$env:FCPFAST_ROOT = $PSScriptRoot
$env:DOTNET_NOLOGO = "1"
$env:DOTNET_CLI_TELEMETRY_OPTOUT = "1"
$env:DOTNET_CLI_USE_MSBUILD_SERVER = "0"
dotnet run --file (Join-Path $PSScriptRoot "src/build.cs") -- @args
exit $LASTEXITCODE
