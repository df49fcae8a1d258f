using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Session;

/// <summary>The control channel (FCPC) of a session.</summary>
public sealed partial class PeerSession
{
    private readonly IAeadEngine _aead;
    private readonly SecretKey _controlKey;
    private ulong _controlSent;
    private ulong _controlReceived;

    /// <summary>The number of the control message received last; 0 before the first.</summary>
    public FrameSeq ControlReceived => new(_controlReceived);

    /// <summary>The number of the control message sealed last; 0 before the first.</summary>
    public FrameSeq ControlSent => new(_controlSent);

    /// <summary>Seals a control message under the next number, which is spent whatever happens to the message.</summary>
    /// <param name="plaintext">A schema-prefixed payload.</param>
    /// <param name="frame">52 bytes longer.</param>
    /// <returns><c>Accepted</c>; <c>MustRekey</c> when this end may not send on the session (any more); <c>PayloadTooLarge</c>;
    /// <c>ReplayNotDurable</c> on a kept session whose numbers are not reserved yet.</returns>
    public FcpStatus SealControl(ReadOnlySpan<byte> plaintext, Span<byte> frame)
    {
        if (plaintext.Length > FcpcHeader.CiphertextBytesMax) return FcpStatus.PayloadTooLarge;
        if (!CanSend || _controlSent >= Replay.SequencerLimits.HardSeq) return FcpStatus.MustRekey;
        if (_controlSent >= _controlLimit) return FcpStatus.ReplayNotDurable;
        using KeyLease key = _controlKey.Lease();
        if (!key.IsLive) return FcpStatus.MustRekey;
        _controlSent++;
        FcpcCipher.Seal(_aead, key.Bytes, Id, new FrameSeq(_controlSent), SendDirection, FcpcFlags.Encrypted, plaintext, frame);
        return FcpStatus.Accepted;
    }

    /// <summary>Opens a control frame of this session.</summary>
    /// <param name="header">Its header, parsed by <see cref="FcpcHeader.ParseFrame"/>.</param>
    /// <param name="frame">The whole frame.</param>
    /// <param name="plaintext">52 bytes shorter.</param>
    /// <returns>
    /// <c>Accepted</c>; <c>UnknownSession</c>, <c>ReplayRejected</c>, <c>NotEncrypted</c>, <c>AeadDecryptFailed</c>, <c>CompressionUnsupported</c>.
    /// The number moves on only for a frame whose tag verifies. While the session <see cref="IsUnproven"/>, any number opens and none moves on:
    /// the caller takes nothing of it as new.
    /// </returns>
    public FcpStatus OpenControl(in FcpcHeader header, ReadOnlySpan<byte> frame, Span<byte> plaintext)
    {
        if (header.SessionId != Id || !CanReceive) return FcpStatus.UnknownSession;
        if (header.Seq.Value <= _controlReceived && !IsUnproven) return FcpStatus.ReplayRejected;
        using KeyLease key = _controlKey.Lease();
        if (!key.IsLive) return FcpStatus.UnknownSession;
        FcpStatus status = FcpcCipher.Open(_aead, key.Bytes, header, ReceiveDirection, frame, plaintext);
        if (status == FcpStatus.AeadDecryptFailed) CountFailedVerification();
        if (status == FcpStatus.Accepted && !IsUnproven) _controlReceived = header.Seq.Value;
        return status;
    }
}
