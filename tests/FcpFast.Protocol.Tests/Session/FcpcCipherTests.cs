using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §9], [REPLAY §7]: control frames are sealed under a nonce that names the direction.</summary>
public sealed class FcpcCipherTests
{
    private static readonly byte[] Key = new Random(1).Bytes(32);
    private static readonly byte[] SessionBytes = new Random(2).Bytes(16);
    private static readonly SessionId Session = new(Bytes16.Read(SessionBytes));

    [Fact]
    public void Seal_AnyMessage_IsTheSpecificationsFrame() => Seeded.Run(60, static random =>
    {
        byte[] plaintext = random.Bytes(random.Next(200));
        ulong seq = random.Edge64();
        Direction direction = (Direction)random.Next(2);
        byte[] frame = Seal(plaintext, seq, direction);
        byte[] nonce = [(byte)direction, 0, 0, 0, .. BitConverter.GetBytes(seq)], associated = [.. SessionBytes, .. BitConverter.GetBytes(seq), 1, 0];
        byte[] header = [.. "FCPC"u8, 1, 0, .. SessionBytes, .. BitConverter.GetBytes(seq), 1, 0, .. BitConverter.GetBytes(plaintext.Length)];
        Assert.Equal([.. header, .. ChaChaPolyReference.Seal(Key, nonce, associated, plaintext)], frame);
        Assert.Equal(FcpStatus.Accepted, Open(frame, direction, out byte[] opened));
        Assert.Equal(plaintext, opened);
        Assert.Equal(FcpStatus.AeadDecryptFailed, Open(frame, (Direction)(1 - (int)direction), out _)); // reflected to its author
    });

    [Fact]
    public void Open_EveryBitFlipped_NeverOpensAndLeavesNoPlaintext()
    {
        byte[] frame = Seal("a control message"u8.ToArray(), 7, Direction.InitiatorToResponder);
        for (int bit = 0; bit < 8 * frame.Length; bit++)
        {
            byte[] flipped = (byte[])frame.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            FcpStatus status = FcpcHeader.ParseFrame(flipped, 1000, out FcpcHeader header);
            if (status != FcpStatus.Accepted) continue;
            byte[] plaintext = HandshakeSamples.Fill(0xaa, flipped.Length - FcpcHeader.OverheadBytes);
            status = FcpcCipher.Open(new ReferenceAead(), Key, header, Direction.InitiatorToResponder, flipped, plaintext);
            if (bit is 240 or 241) // the two known flags, refused before any decryption
            {
                Assert.Equal(bit == 240 ? FcpStatus.NotEncrypted : FcpStatus.CompressionUnsupported, status);
                Assert.DoesNotContain("control", System.Text.Encoding.ASCII.GetString(plaintext));
                continue;
            }

            Assert.Equal(FcpStatus.AeadDecryptFailed, status);
            Assert.All(plaintext, static b => Assert.Equal(0, b));
        }
    }

    [Fact]
    public void SealAndOpen_OtherLengths_AreTheCallersFault()
    {
        Assert.Throws<ArgumentException>(() => FcpcCipher.Seal(new ReferenceAead(), Key, Session, default, default, default, new byte[5], new byte[56]));
        Assert.Throws<ArgumentException>(() => FcpcCipher.Open(new ReferenceAead(), Key, default, default, new byte[60], new byte[9]));
        Assert.Throws<ArgumentException>(() => FcpcCipher.Open(new ReferenceAead(), Key, default, default, new byte[40], default)); // shorter than its overhead
    }

    private static byte[] Seal(byte[] plaintext, ulong seq, Direction direction)
    {
        byte[] frame = new byte[plaintext.Length + FcpcHeader.OverheadBytes];
        FcpcCipher.Seal(new ReferenceAead(), Key, Session, new FrameSeq(seq), direction, FcpcFlags.None, plaintext, frame);
        return frame;
    }

    private static FcpStatus Open(byte[] frame, Direction direction, out byte[] plaintext)
    {
        plaintext = new byte[frame.Length - FcpcHeader.OverheadBytes];
        Assert.Equal(FcpStatus.Accepted, FcpcHeader.ParseFrame(frame, 100_000, out FcpcHeader header));
        return FcpcCipher.Open(new ReferenceAead(), Key, header, direction, frame, plaintext);
    }
}
