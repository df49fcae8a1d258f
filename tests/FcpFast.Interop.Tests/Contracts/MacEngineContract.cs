using System;
using System.Linq;
using System.Threading.Tasks;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Contracts;

/// <summary>What every MAC engine does for both suites.</summary>
/// <remarks>Source: [WIRE §6]. Oracle: HMAC and BLAKE3 from their definitions.</remarks>
public abstract class MacEngineContract
{
    public static TheoryData<MacSuite> Suites => [MacSuite.HmacSha256, MacSuite.Blake3];

    public static TheoryData<MacSuite, int> Batches
    {
        get
        {
            var data = new TheoryData<MacSuite, int>();
            foreach (MacSuite suite in new[] { MacSuite.HmacSha256, MacSuite.Blake3 })
            {
                foreach (int items in new[] { 0, 1, 2, 3, 15, 16, 17, 31, 33, 64 }) data.Add(suite, items);
            }

            return data;
        }
    }

    private protected abstract IMacEngine Engine { get; }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Compute_OneMessageOfEveryLength_EqualsTheReference(MacSuite suite)
    {
        byte[] key = new Random(1).Bytes(32), data = new Random(2).Bytes(5000);
        foreach (int length in Enumerable.Range(0, 1300).Where(static n => n < 200 || n % 17 == 0 || n % 64 < 2).Concat([2047, 2048, 2049, 3073, 4900]))
        {
            int offset = length % 13;
            Assert.True(Compute(suite, key, data, [new MacItem(offset, length)]).AsSpan()
                .SequenceEqual(Expected(suite, key, data[offset..(offset + length)])), $"length {length}");
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Compute_BatchesOfOneLength_EqualTheReference(MacSuite suite, int items)
    {
        foreach (int length in new[] { 0, 1, 64, 65, 1023, 1024, 1025, 1185 }) // 1185: a datagram of 1200
        {
            byte[] key = new Random(length).Bytes(32), data = new Random(items).Bytes((items * length) + 64);
            Check(suite, key, data, Enumerable.Range(0, items).Select(i => new MacItem(i * length, length)).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Compute_BatchesOfMixedLengths_EqualTheReference(MacSuite suite, int items) => Seeded.Run(10, random =>
    {
        byte[] key = random.Bytes(32), data = random.Bytes(6000);
        MacItem[] list = Enumerable.Range(0, items).Select(_ =>
        {
            int bytes = random.Next(4) == 0 ? 1185 : random.Next(2500);
            return new MacItem(random.Next(data.Length - bytes + 1), bytes); // items may overlap: they are only read
        }).ToArray();
        Check(suite, key, data, list);
    });

    [Theory]
    [MemberData(nameof(Suites))]
    public void Compute_OneBitOfKeyOrMessageChanged_ChangesTheMac(MacSuite suite)
    {
        byte[] key = new Random(3).Bytes(32), data = new Random(4).Bytes(70), mac = Compute(suite, key, data, [new MacItem(0, 70)]);
        foreach (byte[] part in new[] { key, data })
        {
            for (int bit = 0; bit < 8 * part.Length; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotEqual(mac, Compute(suite, key, data, [new MacItem(0, 70)]));
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void PrepareKeyAndCompute_TheCallersFaults_Throw(MacSuite suite)
    {
        int prepared = Engine.PreparedKeyBytes(suite);
        Assert.True(prepared >= 32);
        Assert.Throws<ArgumentException>(() => Engine.PrepareKey(suite, new byte[31], new byte[prepared]));
        Assert.Throws<ArgumentException>(() => Engine.PrepareKey(suite, new byte[33], new byte[prepared]));
        Assert.Throws<ArgumentException>(() => Engine.PrepareKey(suite, new byte[32], new byte[prepared - 1]));
        Assert.Throws<ArgumentException>(() => Engine.Compute(suite, new byte[prepared - 1], new byte[10], [new MacItem(0, 10)], new byte[16]));
        Assert.Throws<ArgumentException>(() => Engine.Compute(suite, new byte[prepared], new byte[10], [new MacItem(0, 10)], new byte[15]));
        Assert.Throws<ArgumentException>(() => Engine.Compute(suite, new byte[prepared], new byte[10], [new MacItem(0, 11)], new byte[16]));
        Assert.Throws<ArgumentException>(() => Engine.Compute(suite, new byte[prepared], new byte[10], [new MacItem(-1, 5)], new byte[16]));
        Assert.Throws<ArgumentException>(() => Engine.Compute(MacSuite.Unset, new byte[prepared], new byte[10], [new MacItem(0, 5)], new byte[16]));
    }

    [Fact]
    public void Compute_OnFourThreads_KeepsNoStateBetweenCalls() => Parallel.For(0, 4, thread =>
    {
        var random = new Random(thread);
        for (int i = 0; i < 50; i++)
        {
            byte[] key = random.Bytes(32), data = random.Bytes(1500);
            Check((MacSuite)random.Next(1, 3), key, data, [new MacItem(0, random.Next(1500)), new MacItem(7, 1185), new MacItem(3, 64)]);
        }
    });

    private static byte[] Expected(MacSuite suite, byte[] key, byte[] message) =>
        suite == MacSuite.Blake3 ? MacReference.Suite2(key, message) : MacReference.Suite1(key, message);

    private void Check(MacSuite suite, byte[] key, byte[] data, MacItem[] items)
    {
        byte[] macs = Compute(suite, key, data, items);
        for (int i = 0; i < items.Length; i++)
        {
            byte[] expected = Expected(suite, key, data[items[i].Offset..(items[i].Offset + items[i].Bytes)]);
            Assert.True(expected.AsSpan().SequenceEqual(macs.AsSpan(16 * i, 16)), $"item {i} of {items.Length}, {items[i].Bytes} bytes");
        }
    }

    private byte[] Compute(MacSuite suite, byte[] key, byte[] data, MacItem[] items)
    {
        byte[] prepared = new byte[Engine.PreparedKeyBytes(suite)], macs = new byte[16 * items.Length];
        Engine.PrepareKey(suite, key, prepared);
        Engine.Compute(suite, prepared, data, items, macs);
        return macs;
    }
}
