using System;
using System.IO;
using FcpFast.State;

namespace FcpFast.Tests.State;

/// <summary>The remembered engine is a convenience: it is kept, replaced, and never a fault.</summary>
public sealed class EngineFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fcpfast-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_AChoice_IsReadBackAndReplaced()
    {
        Assert.Null(EngineFile.Read(_folder));
        EngineFile.Write(_folder, "512 aead | this machine");
        Assert.Equal("512 aead | this machine", EngineFile.Read(_folder));
        EngineFile.Write(_folder, "0 -");
        Assert.Equal("0 -", EngineFile.Read(_folder));
    }

    [Fact]
    public void Write_WhereItCannotBe_IsNoFault()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "engine")); // in its place
        EngineFile.Write(_folder, "512 aead");
        Assert.Null(EngineFile.Read(_folder));
    }
}
