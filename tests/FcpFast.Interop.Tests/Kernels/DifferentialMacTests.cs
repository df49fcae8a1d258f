using System;
using System.Linq;
using FcpFast.Interop.Kernels;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>Every width against the portable engine on random batches of both suites: messages of one length, of few, and of any.</summary>
public sealed class DifferentialMacTests
{
    private const int ItemsMax = 70, BytesMax = 16_384;

    [Fact]
    public void KernelMac128_RandomBatches_EqualsThePortableEngine() => Compare<Width128>();

    [Fact]
    public void KernelMac256_RandomBatches_EqualsThePortableEngine() => Compare<Width256>();

    [Fact]
    public void KernelMac512_RandomBatches_EqualsThePortableEngine() => Compare<Width512>();

    private static void Compare<TWidth>()
        where TWidth : struct, IKernelWidth
    {
        KernelMac<TWidth> engine = Widths.Require<TWidth, KernelMac<TWidth>>(default);
        Seeded.Run(DifferentialCases.Budget, random =>
        {
            var suite = (MacSuite)random.Next(1, 3);
            int count = DifferentialCases.Count(random, ItemsMax), usual = DifferentialCases.Length(random, random.Next(8) == 0 ? BytesMax : 2500), kind = random.Next(3);
            byte[] data = random.Bytes(BytesMax + random.Next(2000)), key = random.Bytes(32);
            MacItem[] items = Enumerable.Range(0, count).Select(_ =>
            {
                int bytes = kind == 0 || (kind == 1 && random.Next(6) > 0) ? usual : DifferentialCases.Length(random, 2500);
                return new MacItem(random.Next(5) == 0 ? data.Length - bytes : random.Next(data.Length - bytes + 1), bytes);
            }).ToArray();
            byte[] prepared = new byte[engine.PreparedKeyBytes(suite)], macs = new byte[count * 16], expected = new byte[count * 16];
            engine.PrepareKey(suite, key, prepared);
            engine.Compute(suite, prepared, data, items, macs);
            default(PortableMac).Compute(suite, key, data, items, expected);
            for (int i = 0; i < count; i++)
            {
                Assert.True(
                    expected.AsSpan(16 * i, 16).SequenceEqual(macs.AsSpan(16 * i, 16)), $"{suite}, item {i} of {count}, {items[i].Bytes} bytes");
            }
        });
    }
}
