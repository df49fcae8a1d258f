using System;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Crypto;

/// <summary>[WIRE §5]: a batch proves its lengths once, so that engines need not.</summary>
public sealed class AeadBatchTests
{
    private const AeadAlgorithm ChaCha = AeadAlgorithm.ChaCha20Poly1305, XChaCha = AeadAlgorithm.XChaCha20Poly1305;

    [Theory] // input and output bytes for one message of 10
    [InlineData(true, 0, 0, 10, 26)]
    [InlineData(true, 5, 3, 15, 29)]
    [InlineData(false, 0, 0, 26, 10)]
    [InlineData(false, 7, 1, 33, 11)]
    public void Make_ItemsThatJustFit_KeepsThem(bool sealing, int inputOffset, int outputOffset, int inputBytes, int outputBytes)
    {
        var batch = new AeadBatch(ChaCha, new byte[inputBytes], new byte[outputBytes], [new AeadItem(inputOffset, outputOffset)], 10, new byte[12], new byte[3], 3, sealing);
        Assert.Equal(1, batch.Items.Length);
        Assert.Equal(10, batch.MessageBytes);
        Assert.Equal(sealing, batch.IsSealing);
        Assert.Equal(3, batch.AssociatedDataBytes);
        Assert.Throws<ArgumentException>(() => Make(ChaCha, inputBytes - 1, outputBytes, new AeadItem(inputOffset, outputOffset), 10, sealing));
        Assert.Throws<ArgumentException>(() => Make(ChaCha, inputBytes, outputBytes - 1, new AeadItem(inputOffset, outputOffset), 10, sealing));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(101, 0)]
    [InlineData(0, 101)]
    [InlineData(int.MaxValue, 0)]
    [InlineData(0, int.MaxValue)]
    [InlineData(int.MinValue, 0)]
    [InlineData(0, int.MinValue)]
    public void Make_OffsetOutside_Throws(int inputOffset, int outputOffset)
    {
        foreach (bool sealing in new[] { true, false })
        {
            Assert.Throws<ArgumentException>(() => Make(ChaCha, 100, 100, new AeadItem(inputOffset, outputOffset), 10, sealing));
            Assert.Throws<ArgumentException>(() => Make(ChaCha, 100, 100, new AeadItem(inputOffset, outputOffset), 0, sealing));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-16)]
    [InlineData(-17)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 15)]
    [InlineData((1 << 30) + 1)]
    public void Make_ImpossibleMessageLength_ThrowsArgumentException(int messageBytes)
    {
        Assert.Throws<ArgumentException>(() => Make(ChaCha, 100, 100, default, messageBytes, true));
        Assert.Throws<ArgumentException>(() => Make(ChaCha, 100, 100, default, messageBytes, false));
    }

    [Theory]
    [InlineData(AeadAlgorithm.Unset)]
    [InlineData((AeadAlgorithm)3)]
    [InlineData((AeadAlgorithm)255)]
    public void Make_NoAlgorithmChosen_Throws(AeadAlgorithm algorithm) =>
        Assert.Throws<ArgumentException>(() => Make(algorithm, 100, 100, default, 10, true));

    [Fact]
    public void Make_NoncesOrAssociatedDataOfAnotherLength_Throws()
    {
        AeadItem[] two = [default, new AeadItem(40, 40)];
        foreach ((AeadAlgorithm algorithm, int nonceBytes) in new[] { (ChaCha, 12), (XChaCha, 24) })
        {
            foreach (int wrong in Enumerable.Range(0, 60).Where(n => n != 2 * nonceBytes))
            {
                Assert.Throws<ArgumentException>(() => { _ = new AeadBatch(algorithm, new byte[100], new byte[100], two, 10, new byte[wrong], new byte[6], 3, true); });
            }

            foreach (int wrong in new[] { 0, 3, 5, 7 })
            {
                Assert.Throws<ArgumentException>(() =>
                {
                    _ = new AeadBatch(algorithm, new byte[100], new byte[100], two, 10, new byte[2 * nonceBytes], new byte[wrong], 3, true);
                });
            }
        }

        Assert.Throws<ArgumentException>(() => { _ = new AeadBatch(ChaCha, default, default, default, 0, default, default, -1, true); });
        Assert.Throws<ArgumentException>(() => { _ = new AeadBatch(ChaCha, default, default, default, 0, default, default, int.MaxValue, true); });
    }

    [Fact]
    public void Make_NoItems_NeedsNoMemory() => Assert.True(new AeadBatch(XChaCha, default, default, default, 1000, default, default, 86, true).Items.IsEmpty);

    [Fact]
    public void Slice_SomeItems_KeepsTheirNoncesAndAssociatedData()
    {
        byte[] nonces = new Random(3).Bytes(4 * 24), associated = new Random(4).Bytes(4 * 5), output = new byte[200];
        AeadItem[] items = [new(0, 3), new(10, 33), new(20, 63), new(30, 93)];
        var batch = new AeadBatch(XChaCha, new byte[40], output, items, 10, nonces, associated, 5, sealing: true);
        for (int start = 0; start <= 4; start++)
        {
            for (int count = 0; count <= 4 - start; count++)
            {
                AeadBatch part = batch.Slice(start, count);
                Assert.True(part.Items.SequenceEqual(items.AsSpan(start, count)));
                Assert.True(part.Nonces.SequenceEqual(nonces.AsSpan(24 * start, 24 * count)));
                Assert.True(part.AssociatedData.SequenceEqual(associated.AsSpan(5 * start, 5 * count)));
                Assert.True(part.Output == batch.Output && part.Input == batch.Input);
                Assert.Equal((XChaCha, true, 10, 5), (part.Algorithm, part.IsSealing, part.MessageBytes, part.AssociatedDataBytes));
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new AeadBatch(XChaCha, new byte[40], output, items, 10, nonces, associated, 5, true).Slice(3, 2));
    }

    [Fact]
    public void Make_RandomItems_ThrowsExactlyWhenOneLiesOutside() => Seeded.Run(2000, static random =>
    {
        int inputBytes = random.Next(60), outputBytes = random.Next(60), messageBytes = random.Next(20);
        bool sealing = random.Next(2) == 0;
        AeadItem[] items = Enumerable.Range(0, random.Next(4)).Select(_ => new AeadItem(random.Next(-3, 60), random.Next(-3, 60))).ToArray();
        int reads = sealing ? messageBytes : messageBytes + 16, writes = sealing ? messageBytes + 16 : messageBytes;
        bool fits = items.All(item => item.InputOffset >= 0 && (long)item.InputOffset + reads <= inputBytes
            && item.OutputOffset >= 0 && (long)item.OutputOffset + writes <= outputBytes);
        Exception? thrown = Record.Exception(() =>
        {
            _ = new AeadBatch(ChaCha, new byte[inputBytes], new byte[outputBytes], items, messageBytes, new byte[12 * items.Length], default, 0, sealing);
        });
        Assert.Equal(fits, thrown is null);
        Assert.True(thrown is null or ArgumentException);
    });

    [Fact]
    public void SealOneAndOpenOne_RoundTripAndTamper_OpenExactlyTheSame()
    {
        var engine = new ReferenceAead();
        byte[] key = new byte[32], nonce = new byte[24], plaintext = "one message"u8.ToArray(), sealedBytes = new byte[27], opened = new byte[11];
        engine.SealOne(XChaCha, key, nonce, "header"u8, plaintext, sealedBytes);
        Assert.True(engine.OpenOne(XChaCha, key, nonce, "header"u8, sealedBytes, opened));
        Assert.Equal(plaintext, opened);
        Assert.False(engine.OpenOne(XChaCha, key, nonce, "Header"u8, sealedBytes, opened));
        Assert.Equal(new byte[11], opened);
        Assert.Throws<ArgumentException>(() => engine.OpenOne(XChaCha, key, nonce, default, sealedBytes.AsSpan(0, 26), new byte[11]));
        Assert.Throws<ArgumentException>(() => engine.SealOne(ChaCha, key, nonce, default, plaintext, sealedBytes)); // a nonce of the other AEAD
    }

    private static void Make(AeadAlgorithm algorithm, int inputBytes, int outputBytes, AeadItem item, int messageBytes, bool sealing) =>
        _ = new AeadBatch(algorithm, new byte[inputBytes], new byte[outputBytes], [item], messageBytes, new byte[12], default, 0, sealing);
}
