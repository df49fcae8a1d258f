using System;
using System.IO;
using FcpFast.Control.Store;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Witnesses;

/// <summary>[REPLAY §5.5], [REPLAY §5.3]: what was told to a witness is read again, whatever became of the last write.</summary>
public sealed class WitnessFileTests : IDisposable
{
    private const int SlotDistance = 4096;
    private const int SlotBytes = 72;

    private readonly string _folder = Directory.CreateTempSubdirectory("fcpfast-witness-").FullName;

    private string Name => Path.Combine(_folder, "node.witness");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Marks_AreReadAgainByTheNextProcess()
    {
        using (var file = new WitnessFile(Name))
        {
            Assert.Null(file.Read());
            for (ulong writes = 1; writes <= 5; writes++)
            {
                file.Write(Mark(1, writes));
                Assert.Equal(Mark(1, writes), file.Read());
            }

            file.Write(Mark(2, 1)); // a later generation of a store that was put back may have fewer writes
        }

        using var next = new WitnessFile(Name);
        Assert.Equal(Mark(2, 1), next.Read());
        next.Write(Mark(2, 2));
        Assert.Equal(Mark(2, 2), next.Read());
    }

    [Fact]
    public void Write_TornAnywhere_LeavesTheMarkBefore()
    {
        for (int torn = 0; torn < SlotBytes; torn++)
        {
            File.Delete(Name);
            using (var file = new WitnessFile(Name))
            {
                file.Write(Mark(1, 1));
                file.Write(Mark(1, 2));
            }

            byte[] before = File.ReadAllBytes(Name);
            using (var file = new WitnessFile(Name))
            {
                file.Read();
                file.Write(Mark(1, 3)); // over the first slot
            }

            byte[] after = File.ReadAllBytes(Name);
            after.AsSpan(0, torn).CopyTo(before);
            File.WriteAllBytes(Name, before);
            using var next = new WitnessFile(Name);
            Assert.Equal(before.AsSpan(0, SlotBytes).SequenceEqual(after.AsSpan(0, SlotBytes)) ? Mark(1, 3) : Mark(1, 2), next.Read());
        }
    }

    [Fact]
    public void Content_OfAnythingElse_IsRefusedAndNotTakenForNone()
    {
        File.WriteAllBytes(Name, new byte[SlotDistance + SlotBytes]);
        using var file = new WitnessFile(Name);
        StateStoreException refused = Assert.Throws<StateStoreException>(() => file.Read());
        Assert.Contains("no mark", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Remedy);
    }

    [Fact]
    public void File_ThatCannotBeMade_IsRefusedWithARemedy() =>
        Assert.NotEmpty(Assert.Throws<StateStoreException>(() => new WitnessFile(Path.Combine(_folder, "none", "node.witness"))).Remedy);

    private static StoreMark Mark(ulong generation, ulong writes) => new(new Bytes16(7, 8), generation, writes);
}
