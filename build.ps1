# Every verb of this repository; "./build.ps1 help" lists them. Needs the .NET 10 SDK and nothing else.
$ErrorActionPreference = "Stop"
$env:FCPFAST_ROOT = $PSScriptRoot
$env:DOTNET_NOLOGO = "1"
$env:DOTNET_CLI_TELEMETRY_OPTOUT = "1"
$env:DOTNET_CLI_USE_MSBUILD_SERVER = "0"
$found = Get-Command dotnet -ErrorAction SilentlyContinue
if ($found) {
    Push-Location $PSScriptRoot
    try { dotnet --version *> $null } catch { $global:LASTEXITCODE = 1 }
    $found = $LASTEXITCODE -eq 0
    Pop-Location
}
if (-not $found) {
    [Console]::Error.WriteLine("build.ps1: the .NET 10 SDK is needed (global.json) and was not found.")
    [Console]::Error.WriteLine("Remedy: install it from https://dotnet.microsoft.com/download/dotnet/10.0, so that 'dotnet' is on PATH.")
    exit 3
}
dotnet run --file (Join-Path $PSScriptRoot "src/build.cs") -- @args
exit $LASTEXITCODE
