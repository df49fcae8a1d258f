#:property IsShipped=false
#:property PublishAot=false
#:property OutputType=Exe
// The one text behind build.sh and build.ps1: every verb of the repository, the same on every platform.

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

string root = Environment.GetEnvironmentVariable("FCPFAST_ROOT") ?? Directory.GetCurrentDirectory();
string verb = args.Length > 0 ? args[0] : "help";
string[] rest = args.Skip(1).ToArray();

switch (verb)
{
    case "build":
        return Build(rest);
    case "test":
        return Test(rest);
    case "alloc":
        return Test(["Allocation"]);
    case "model":
        return Model(rest);
    case "crash":
        return Crash(rest);
    case "fuzz":
        return Fuzz(rest);
    case "fcpfast":
        return Tool(rest);
    case "demo":
        return Tool(["demo", .. rest]);
    case "native":
        return Native();
    case "bench":
        return Tool(["bench", .. rest]);
    case "leaks":
        return Tool(["bench", "leaks", .. rest]);
    case "bench-micro" or "bench-load":
        return Bench(verb == "bench-micro" ? "FcpFast.Bench.Micro" : "FcpFast.Bench.Load", rest);
    case "bench-smoke":
        return Bench("FcpFast.Bench.Micro", ["smoke", .. rest]);
    case "differential":
        return Differential(rest);
    case "arm64":
        return Arm64();
    case "aot":
        return Aot(rest);
    case "library":
        return Library(rest);
    case "gateway-demo":
        return GatewayDemo(rest);
    case "soak":
        return Soak(rest);
    case "help" or "--help" or "-h":
        Help();
        return 0;
    default:
        Console.Error.WriteLine($"build: unknown verb '{verb}'");
        Help();
        return 2;
}

void Help() => Console.WriteLine("""
    usage: ./build.sh VERB [ARGS]        (build.ps1 on Windows)

      demo [ARGS]          the main job on this machine: 'fcpfast demo' with these arguments
      fcpfast ARGS         builds quietly if needed and runs the tool
      test [NAME...]       builds and runs every test, Debug and Release; or those projects whose name contains NAME
      alloc                the allocation tests alone
      model [MILLIONS]     the model, crash-point and thread tests of replay protection at length: 100 million operations, a million crash points a rule
      crash [ARGS]         kills (-9) and restarts real processes under load and reads their journals; see crash --help
      fuzz [ARGS]          afl-fuzz over parsers and state machines: --minutes N a target, --jobs N at a time, names of targets; see tests/FcpFast.Fuzz
      build [CONFIG]       builds everything; CONFIG is Release (if left out) or Debug
      native               builds and tests the C yardstick (CMake, a C compiler)
      bench [ARGS]         the ladder of costs on this machine: 'fcpfast bench' with these arguments
      bench-micro [ARGS]   BenchmarkDotNet over the same bodies and more peers (bench/README.md)
      bench-load [ARGS]    load between processes, beside iperf3 and wireguard-go where they are installed
      bench-smoke          every bench body once, and the allocation ceilings of bench/baselines
      leaks [ARGS]         looks for secrets in the timing of kernels and comparisons
      differential [CASES] engine held against engine in so many random cases (10000000 if left out; an hour and a half)
      arm64                kernel tests and vectors as linux-arm64, run by qemu-user
      aot [LEVEL...]       native programs that need no .NET, one a level: x86-64-v2, -v3, -v4 (all if left out) or arm64; then runs what can run here
      library [LEVEL]      libfcpfast.so and fcpfast.h for C programs, for x86-64-v2 if left out; then runs a C program on it, under the address sanitizer
      gateway-demo [ARGS]  two gateways and a native edge relay by the example configurations, and applications that send through the door and the C library
      soak [ARGS]          --minutes N: gateway, native relay and 50 peers under load, loss, rekeys, rotations, kills and floods; a report and a verdict
      help                 this text

    Tests read third parties' vectors from ../shared/vectors, or from FCPFAST_VECTORS. Where they are missing, their
    tests are skipped by name, and fail where CI=true. Exit codes: 0 done, 1 a test or the build failed, 2 wrong usage,
    3 what is needed is not installed.
    """);

int Build(string[] buildArgs)
{
    string configuration = buildArgs.Length > 0 ? buildArgs[0] : "Release";
    if (configuration is "Debug" or "Release") return BuildOne(Path.Combine(root, "FcpFast.sln"), configuration, quiet: false);
    Console.Error.WriteLine($"build: there is no configuration '{configuration}'; there are Release and Debug");
    return 2;
}

int BuildOne(string project, string configuration, bool quiet) =>
    Run("dotnet", ["build", project, "-c", configuration, "-nologo", quiet ? "-v:q" : "-v:m", "-clp:NoSummary"], quiet) == 0 ? 0 : 1;

int Tool(string[] toolArgs)
{
    string project = Path.Combine(root, "src", "FcpFast.Tool", "FcpFast.Tool.csproj");
    if (BuildOne(project, "Release", quiet: true) != 0) return 3;
    return Run("dotnet", [Artifact("FcpFast.Tool"), .. toolArgs], quiet: false, workingDirectory: Directory.GetCurrentDirectory());
}

int Crash(string[] crashArgs)
{
    foreach (string project in new[] { Path.Combine("src", "FcpFast.Tool"), Path.Combine("tests", "FcpFast.Crash") })
    {
        if (BuildOne(Path.Combine(root, project), "Release", quiet: true) != 0) return 3;
    }

    return Run("dotnet", [Artifact("FcpFast.Crash"), "--tool", Artifact("FcpFast.Tool"), .. crashArgs], quiet: false);
}

// The budget is the operations that all long model tests together may take; crash points are a hundredth of it, for each rule.
int Model(string[] modelArgs)
{
    int millions = 100;
    if (modelArgs.Length > 1 || (modelArgs.Length == 1 && !(int.TryParse(modelArgs[0], CultureInfo.InvariantCulture, out millions) && millions is >= 1 and <= 100_000)))
    {
        Console.Error.WriteLine("build: model [MILLIONS], millions of operations, 1 to 100000");
        return 2;
    }

    string project = Path.Combine(root, "tests", "FcpFast.Protocol.Tests", "FcpFast.Protocol.Tests.csproj");
    if (BuildOne(project, "Release", quiet: true) != 0) return 3;
    Environment.SetEnvironmentVariable("FCPFAST_MODEL_OPERATIONS", $"{millions}000000");
    return Run(
        "dotnet",
        [
            Artifact("FcpFast.Protocol.Tests"), "-noLogo", "-noColor", "-class", "FcpFast.Protocol.Tests.Replay.*", "-class", "FcpFast.Protocol.Tests.Replay.Durable.*",
            "-class", "*.ReceivePathModelTests", "-class", "*.HelloReplayTableTests",
        ],
        quiet: false);
}

int Fuzz(string[] fuzzArgs)
{
    if (BuildOne(Path.Combine(root, "tests", "FcpFast.Fuzz"), "Release", quiet: true) != 0) return 3;
    return Run("dotnet", [Artifact("FcpFast.Fuzz"), "fuzz", .. fuzzArgs], quiet: false);
}

string Artifact(string project) => Path.Combine(root, ".artifacts", "bin", project, "release", project + ".dll");

int Bench(string project, string[] benchArgs)
{
    if (BuildOne(Path.Combine(root, "bench", project, project + ".csproj"), "Release", quiet: true) != 0) return 3;
    return Run("dotnet", [Artifact(project), .. benchArgs], quiet: false);
}

// The yardstick links the very libsodium that the managed side loads, which restoring the projects has brought into the package cache.
int Native()
{
    string[] needed = ["cmake", "cc"];
    string[] missing = needed.Where(name => FindProgram(name) is null).ToArray();
    if (missing.Length > 0) return CannotDo($"the native build needs {string.Join(" and ", missing)}", "install them (Debian: apt-get install cmake gcc libssl-dev)");
    string props = File.ReadAllText(Path.Combine(root, "src", "Directory.Packages.props"));
    string version = Regex.Match(props, "Include=\"libsodium\" Version=\"([^\"]+)\"").Groups[1].Value;
    string library = OperatingSystem.IsMacOS() ? "libsodium.dylib" : "libsodium.so";
    string platform = $"{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    string source = Path.Combine(packages, "libsodium", version, "runtimes", platform, "native", library);
    if (!File.Exists(source) && Run("dotnet", ["restore", Path.Combine(root, "src", "FcpFast.Interop"), "-v:q"], quiet: true) != 0) return 3;
    if (!File.Exists(source)) return CannotDo($"the package libsodium {version} has no {source}", "build on Linux or macOS, x64 or arm64");
    string folder = Path.Combine(root, ".artifacts", "native"), build = Path.Combine(folder, "build"), sodium = Path.Combine(folder, library);
    Directory.CreateDirectory(folder);
    File.Copy(source, sodium, overwrite: true);
    int exit = Run("cmake", ["-S", Path.Combine(root, "native"), "-B", build, $"-DFCPFAST_SODIUM={sodium}", "-DCMAKE_BUILD_TYPE=Release"], quiet: true);
    if (exit == 0) exit = Run("cmake", ["--build", build, "--parallel"], quiet: true);
    if (exit == 0) exit = Run("ctest", ["--test-dir", build, "--output-on-failure"], quiet: false);
    return exit == 0 ? 0 : 1;
}

int Differential(string[] caseArgs)
{
    const int TestShares = 10; // AEAD across messages, AEAD inside them and MACs in three widths, and the AEAD that is used; hashes take a quarter of a share beside them
    int cases = 10_000_000;
    if (caseArgs.Length > 1 || (caseArgs.Length == 1 && (!int.TryParse(caseArgs[0], NumberStyles.None, CultureInfo.InvariantCulture, out cases) || cases < 1)))
    {
        Console.Error.WriteLine("build: differential takes a number of cases, at least 1");
        return 2;
    }

    if (BuildOne(Path.Combine(root, "tests", "FcpFast.Interop.Tests"), "Release", quiet: true) != 0) return 3;
    Environment.SetEnvironmentVariable("FCPFAST_DIFFERENTIAL_CASES", ((cases / TestShares) + 1).ToString(CultureInfo.InvariantCulture));
    string[] tests = ["-class", "*.DifferentialAeadTests", "-class", "*.DifferentialMacTests", "-class", "*.WideBlake3Tests"];
    return Run("dotnet", [Artifact("FcpFast.Interop.Tests"), "-noLogo", "-noColor", .. tests], quiet: false) == 0 ? 0 : 1;
}

// A processor with AdvSimd is emulated; the libraries are Debian's own for arm64, installed beside those of this machine.
int Arm64()
{
    string[] needed = ["/lib/ld-linux-aarch64.so.1", "/usr/lib/aarch64-linux-gnu/libstdc++.so.6", "/usr/lib/aarch64-linux-gnu/libssl.so.3"];
    string[] missing = needed.Where(static file => !File.Exists(file)).Concat(FindProgram("qemu-aarch64") is null ? ["qemu-aarch64"] : (string[])[]).ToArray();
    if (missing.Length > 0)
    {
        return CannotDo(
            $"skipped: running arm64 programs needs {string.Join(", ", missing)}",
            "dpkg --add-architecture arm64 && apt-get update && apt-get install qemu-user libstdc++6:arm64 libssl3:arm64");
    }

    Environment.SetEnvironmentVariable("DOTNET_EnableWriteXorExecute", "0"); // the emulator does not see code that is written through a second mapping
    string folder = Path.Combine(root, ".artifacts", "arm64");
    string[] projects = ["tests/FcpFast.Interop.Tests", "src/FcpFast.Tool"];
    foreach (string project in projects)
    {
        string[] publish =
        [
            "publish", Path.Combine(root, project), "-c", "Release", "-r", "linux-arm64", "--self-contained", "-nologo", "-v:q", "-clp:NoSummary",
            $"-p:ArtifactsPath={Path.Combine(folder, "build")}{Path.DirectorySeparatorChar}", "-o", Path.Combine(folder, Path.GetFileName(project)),
        ];
        if (Run("dotnet", publish, quiet: true) != 0) return 1; // a folder of its own, so that other builds need no new restore
    }

    int tests = Run("qemu-aarch64",
        [
            Path.Combine(folder, "FcpFast.Interop.Tests", "FcpFast.Interop.Tests"), "-noLogo", "-noColor",
            "-class", "*.LibsodiumAeadTests", "-class", "*.PortableMacTests", "-class", "FcpFast.Interop.Tests.Kernels.*",
        ],
        quiet: false);
    string shared = Environment.GetEnvironmentVariable("FCPFAST_VECTORS") ?? Path.Combine(root, "..", "shared", "vectors");
    string[] vectors = [Path.Combine(root, "tests", "Vectors"), .. Directory.Exists(shared) ? [shared] : (string[])[]];
    int judged = Run("qemu-aarch64", [Path.Combine(folder, "FcpFast.Tool", "FcpFast.Tool"), "vectors", "check", .. vectors], quiet: false);
    Console.WriteLine($"arm64: kernel tests {(tests == 0 ? "passed" : "FAILED")}, vectors {(judged == 0 ? "passed" : "FAILED")}");
    return tests == 0 && judged == 0 ? 0 : 1;
}

// Native code has the instructions that it was compiled for, and no others: a program for each level, and a script that starts the right one.
int Aot(string[] levels)
{
    const int ProgramBytesMax = 25 * 1024 * 1024;
    string[] known = ["x86-64-v2", "x86-64-v3", "x86-64-v4", "arm64"];
    bool isArm = RuntimeInformation.OSArchitecture == Architecture.Arm64;
    if (levels.Length == 0) levels = isArm ? ["arm64"] : known[..3];
    if (levels.FirstOrDefault(level => !known.Contains(level)) is { } unknown)
    {
        Console.Error.WriteLine($"build: there is no level '{unknown}'; there are {string.Join(", ", known)}");
        return 2;
    }

    bool crosses = levels.Contains("arm64") && !isArm;
    if (!OperatingSystem.IsLinux() || (isArm && levels.Any(static level => level != "arm64"))) return CannotDo("programs are built on Linux, those for x86-64 on x86-64", "use such a machine");
    string[] missing = ((string[])["cc", "objcopy", .. crosses ? ["clang", "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-objcopy"] : (string[])[]])
        .Where(name => FindProgram(name) is null).ToArray();
    if (missing.Length > 0) return CannotDo($"native programs need {string.Join(", ", missing)}", "apt-get install gcc zlib1g-dev; for arm64 too, clang gcc-aarch64-linux-gnu zlib1g-dev:arm64");
    string folder = Path.Combine(root, ".artifacts", "aot"), tool = Path.Combine(root, "src", "FcpFast.Tool");
    foreach (string level in levels)
    {
        string platform = level == "arm64" ? "linux-arm64" : "linux-x64", into = Path.Combine(folder, platform), published = Path.Combine(folder, "published", level);
        Console.WriteLine($"aot: compiling for {level}");
        if (PublishNative("FcpFast.Tool", level, published) != 0) return 1;
        Directory.CreateDirectory(into);
        string program = Path.Combine(into, $"fcpfast-{level}"), launcher = Path.Combine(into, "fcpfast");
        File.Copy(Path.Combine(published, "FcpFast.Tool"), program, overwrite: true);
        File.Copy(Path.Combine(tool, "fcpfast.sh"), launcher, overwrite: true);
        foreach (string library in Directory.EnumerateFiles(published, "*.so")) File.Copy(library, Path.Combine(into, Path.GetFileName(library)), overwrite: true);
        long bytes = new FileInfo(program).Length;
        Console.WriteLine($"aot: {program}, {bytes / 1024.0 / 1024:F1} MiB");
        if (bytes > ProgramBytesMax) return CannotDo($"it has more than {ProgramBytesMax} bytes", "find what made it larger: publish with -p:IlcGenerateMstatFile=true");
        if (TryAot(level, program, launcher) != 0) return 1;
    }

    return 0;
}

int PublishNative(string project, string level, string published)
{
    bool crosses = level == "arm64" && RuntimeInformation.OSArchitecture != Architecture.Arm64;
    string[] target = level != "arm64" ? [$"-p:IlcInstructionSet={level}"] : crosses ? ["-p:CppCompilerAndLinker=clang", "-p:ObjCopyName=aarch64-linux-gnu-objcopy"] : [];
    string build = Path.Combine(root, ".artifacts", "aot", "build") + Path.DirectorySeparatorChar; // of its own, so that other builds need no new restore
    return Run(
        "dotnet",
        [
            "publish", Path.Combine(root, "src", project), "-c", "Release", "-r", level == "arm64" ? "linux-arm64" : "linux-x64", "-p:PublishAot=true", "-nologo", "-v:q", "-clp:NoSummary",
            .. target, $"-p:ArtifactsPath={build}", "-o", published,
        ],
        quiet: true);
}

// The library for C programs, and one that uses it, under the address sanitizer. The level is that of the slowest machine that will load the library.
int Library(string[] libraryArgs)
{
    string level = libraryArgs.Length > 0 ? libraryArgs[0] : RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x86-64-v2";
    if (libraryArgs.Length > 1 || level is not ("x86-64-v2" or "x86-64-v3" or "x86-64-v4" or "arm64"))
    {
        Console.Error.WriteLine("build: library [LEVEL], one of x86-64-v2 (if left out), x86-64-v3, x86-64-v4, arm64");
        return 2;
    }

    if (!OperatingSystem.IsLinux() || FindProgram("cc") is null) return CannotDo("the library needs Linux and a C compiler", "apt-get install gcc zlib1g-dev");
    string folder = Path.Combine(root, ".artifacts", "library"), published = Path.Combine(root, ".artifacts", "aot", "published", "library-" + level);
    Console.WriteLine($"library: compiling for {level}");
    if (PublishNative("FcpFast.Native", level, published) != 0) return 1;
    Directory.CreateDirectory(folder);
    foreach (string library in Directory.EnumerateFiles(published, "*.so"))
    {
        string name = Path.GetFileName(library);
        File.Copy(library, Path.Combine(folder, name == "FcpFast.Native.so" ? "libfcpfast.so" : name), overwrite: true);
    }

    File.Copy(Path.Combine(root, "native", "include", "fcpfast.h"), Path.Combine(folder, "fcpfast.h"), overwrite: true);
    Console.WriteLine($"library: {folder}");
    string states = Directory.CreateTempSubdirectory("fcpfast-library-").FullName;
    try
    {
        foreach (string program in new[] { "library_test", "library_send" })
        {
            string[] compile =
            [
                "-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
                $"-I{folder}", Path.Combine(root, "native", "test", program + ".c"), "-o", Path.Combine(folder, program), $"-L{folder}", "-lfcpfast", $"-Wl,-rpath,{folder}",
            ];
            if (Run("cc", compile, quiet: true) != 0) return 1;
        }

        if (BuildOne(Path.Combine(root, "src", "FcpFast.Tool"), "Release", quiet: true) != 0 || MakeNodes(states, "alice", "bob") != 0) return 1;
        Environment.SetEnvironmentVariable("ASAN_OPTIONS", "detect_leaks=0"); // what the runtime made for itself it keeps until the process ends
        return Run(Path.Combine(folder, "library_test"), [states], quiet: false) == 0 ? 0 : 1;
    }
    finally
    {
        Directory.Delete(states, recursive: true);
    }
}

// The native programs are published again, which costs seconds where nothing has changed.
int GatewayDemo(string[] demoArgs)
{
    if (!AsksForHelp(demoArgs) && MakeNativePrograms() is not 0 and int exit) return exit;
    string library = Path.Combine(root, ".artifacts", "library", "library_send");
    return Tool(["demo", "gateways", "--configurations", Path.Combine(root, "src", "FcpFast.Tool", "Operating"), "--edge", NativeTool(), "--library", library, .. demoArgs]);
}

int Soak(string[] soakArgs) =>
    !AsksForHelp(soakArgs) && Aot([LevelOfThisMachine()]) is not 0 and int exit ? exit : Tool(["bench", "soak", "--edge", NativeTool(), .. soakArgs]);

bool AsksForHelp(string[] given) => given.Any(static one => one is "--help" or "-h" or "-?");

int MakeNativePrograms()
{
    int exit = Aot([LevelOfThisMachine()]);
    return exit == 0 ? Library([LevelOfThisMachine()]) : exit;
}

string NativeTool() => Path.Combine(root, ".artifacts", "aot", $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", "fcpfast");

string LevelOfThisMachine()
{
    string level = "";
    return Run("sh", [Path.Combine(root, "src", "FcpFast.Tool", "fcpfast.sh"), "--level-of-this-machine"], quiet: true, onLine: line => level = line) == 0 ? level : "x86-64-v2";
}

// An owner and two members of z:test, as README's walk makes them.
int MakeNodes(string folder, params string[] names)
{
    string passphrase = Path.Combine(folder, "passphrase"), owner = Path.Combine(folder, "owner");
    string[] secret = ["--passphrase-file", passphrase];
    File.WriteAllText(passphrase, Guid.NewGuid().ToString());
    File.SetUnixFileMode(passphrase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    List<string[]> steps = [["owner", "create", owner, "--name", "ann", .. secret]];
    steps.AddRange(names.Select(name => (string[])["node", "create", In(name), "--name", name, "--owner", Path.Combine(owner, "owner.fcp"), "--request", In(name) + ".fcp"]));
    steps.Add(["owner", "attest", owner, .. names.Select(name => In(name) + ".fcp"), "--out", In("nodes.fcp"), .. secret]);
    steps.Add(["zone", "create", owner, "z:test", .. names.SelectMany(static name => (string[])["--member", name]), "--out", In("work.fcp"), .. secret]);
    steps.AddRange(names.Select(name => (string[])["node", "import", In(name), In("nodes.fcp"), In("work.fcp")]));
    return steps.All(step => Run("dotnet", [Artifact("FcpFast.Tool"), .. step], quiet: true) == 0) ? 0 : 1;

    string In(string name) => Path.Combine(folder, name);
}

// Judges the vectors and moves a file between two processes. An emulator runs programs for arm64, which then start no second one.
int TryAot(string level, string program, string launcher)
{
    string machine = "";
    if (Run("sh", [launcher, "--level-of-this-machine"], quiet: false, onLine: line => machine = line) != 0) return 1;
    bool isEmulated = level == "arm64" && machine != level;
    string[] runs = isEmulated ? ["qemu-aarch64", program] : [program];
    if (isEmulated ? FindProgram("qemu-aarch64") is null : string.CompareOrdinal(machine, level) < 0)
    {
        Console.WriteLine($"aot: {level} not run: {(isEmulated ? "qemu-aarch64 is not installed (Debian: qemu-user)" : $"this processor is {machine}")}");
        return 0;
    }

    int exit = Run(runs[0], [.. runs[1..], "vectors", "check", Path.Combine(root, "tests", "Vectors")], quiet: true);
    if (exit == 0 && !isEmulated) exit = Run(runs[0], ["demo", "--size", "64MiB"], quiet: true);
    Console.WriteLine($"aot: {level} {(exit == 0 ? "passed" : "FAILED")}");
    return exit;
}

string? FindProgram(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
    .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

int CannotDo(string reason, string remedy)
{
    Console.Error.WriteLine($"build: {reason}");
    Console.Error.WriteLine($"Remedy: {remedy}");
    return 3;
}

int Test(string[] names)
{
    Dictionary<string, int> minimums = File.ReadLines(Path.Combine(root, "tests", "minimums.txt"))
        .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(static parts => parts.Length == 2)
        .ToDictionary(static parts => parts[0], static parts => int.Parse(parts[1], CultureInfo.InvariantCulture));
    List<string> projects = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
        .Select(Path.GetFileNameWithoutExtension).OfType<string>()
        .Where(name => names.Length == 0 || names.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase)))
        .Order(StringComparer.Ordinal)
        .ToList();
    string? unmatched = names.FirstOrDefault(part => !projects.Any(name => name.Contains(part, StringComparison.OrdinalIgnoreCase)));
    if (unmatched is not null)
    {
        Console.Error.WriteLine($"build: no test project's name contains '{unmatched}'");
        return 2;
    }

    string[] built = names.Length == 0
        ? [Path.Combine(root, "FcpFast.sln")]
        : [.. projects.Select(name => Path.Combine(root, "tests", name, name + ".csproj"))];
    int passed = 0, failed = 0, skipped = 0;
    Task<int>? native = null;
    foreach (string configuration in new[] { "Debug", "Release" })
    {
        if (native is not null && native.Result != 0) failed++;
        if (built.Any(project => BuildOne(project, configuration, quiet: true) != 0))
        {
            Console.WriteLine($"{configuration}: the build failed");
            failed++;
            continue;
        }

        // Beside the tests of Debug, which leave a core idle; those of Release run them. Elsewhere than in CI those that are there are used.
        if (native is null && OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("CI") == "true" && projects.Contains("FcpFast.Tool.Tests")) native = Task.Run(MakeNativePrograms);
        // Two at a time, since many tests wait for processes and clocks; what a project says is shown at its end.
        Parallel.ForEach(Partitioner.Create(projects, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = 2 }, project =>
        {
            (int Passed, int Failed, int Skipped) run = RunTests(project, configuration, minimums);
            Interlocked.Add(ref passed, run.Passed);
            Interlocked.Add(ref failed, run.Failed);
            Interlocked.Add(ref skipped, run.Skipped);
        });
    }

    if (skipped > 0) Console.WriteLine($"{skipped} skipped, each named above with its reason");
    Console.WriteLine($"{passed} passed, {failed} failed");
    return failed == 0 ? 0 : 1;
}

(int Passed, int Failed, int Skipped) RunTests(string project, string configuration, Dictionary<string, int> minimums)
{
    string program = Path.Combine(root, ".artifacts", "bin", project, configuration.ToLowerInvariant(), project + ".dll");
    var lines = new List<string> { $"== {project} ({configuration})" };
    int exit = Run("dotnet", [program, "-noLogo", "-noColor"], quiet: false, onLine: lines.Add), least = minimums.GetValueOrDefault(project, 1);
    Match summary = lines.Select(static line => Regex.Match(line, @"Total: (\d+), Errors: (\d+), Failed: (\d+), Skipped: (\d+)"))
        .LastOrDefault(static match => match.Success) ?? Match.Empty;
    int[] counts = [.. summary.Groups.Values.Skip(1).Select(static group => int.Parse(group.Value, CultureInfo.InvariantCulture))];
    (int total, int wrong, int skips) = summary.Success ? (counts[0], counts[1] + counts[2], counts[3]) : (0, 0, 0);
    if (!summary.Success) lines.Add($"   {project} ended with exit code {exit} and no summary");
    if (total < least) lines.Add($"   {project} ran {total} tests, at least {least} are expected (tests/minimums.txt)");
    Console.WriteLine(string.Join(Environment.NewLine, lines));
    return (Math.Max(total - wrong - skips, 0), (exit != 0 && wrong == 0 ? 1 : wrong) + (total < least ? 1 : 0), skips);
}

int Run(string program, string[] arguments, bool quiet, Action<string>? onLine = null, string? workingDirectory = null)
{
    var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = workingDirectory ?? root };
    bool capture = quiet || onLine is not null;
    start.RedirectStandardOutput = capture;
    using PosixSignalRegistration interruption = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true); // the program ends itself
    using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    var kept = new List<string>();
    if (capture)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (quiet) kept.Add(line);
            onLine?.Invoke(line);
        }
    }

    process.WaitForExit();
    if (quiet && process.ExitCode != 0) kept.ForEach(Console.Error.WriteLine);
    return process.ExitCode;
}
