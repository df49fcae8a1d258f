using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §9]: what a control frame's flags refuse, they refuse before the AEAD is asked.</summary>
public sealed class FcpcCipherFlagsTests
{
    [Theory]
    [InlineData(FcpcFlags.None, FcpStatus.NotEncrypted)]
    [InlineData(FcpcFlags.Compressed, FcpStatus.NotEncrypted)]
    [InlineData(FcpcFlags.Encrypted | FcpcFlags.Compressed, FcpStatus.CompressionUnsupported)]
    public void Open_FlagsThatAreRefused_RefusesWithoutOpening(FcpcFlags flags, FcpStatus expected)
    {
        var engine = new CountingAead();
        byte[] frame = new byte[FcpcHeader.OverheadBytes + 4], plaintext = new byte[4];
        var header = new FcpcHeader(default, default, flags, 4);
        header.Write(frame);
        FcpStatus status = FcpcCipher.Open(engine, new byte[32], header, Direction.InitiatorToResponder, frame, plaintext);
        Assert.Equal(expected, status);
        Assert.Equal(0, engine.Calls);
    }

    [Fact]
    public void Open_EncryptedAlone_AsksTheAead()
    {
        var engine = new CountingAead();
        byte[] frame = new byte[FcpcHeader.OverheadBytes];
        var header = new FcpcHeader(default, default, FcpcFlags.Encrypted, 0);
        Assert.Equal(FcpStatus.AeadDecryptFailed, FcpcCipher.Open(engine, new byte[32], header, Direction.InitiatorToResponder, frame, []));
        Assert.Equal(1, engine.Calls);
    }

    /// <summary>Opens nothing and counts how often it was asked.</summary>
    private sealed class CountingAead : IAeadEngine
    {
        public int Calls { get; private set; }

        public void Seal(ReadOnlySpan<byte> key, scoped in AeadBatch batch) => Calls++;

        public int Open(ReadOnlySpan<byte> key, scoped in AeadBatch batch, Span<bool> opened)
        {
            Calls++;
            opened.Clear();
            return 0;
        }
    }
}
