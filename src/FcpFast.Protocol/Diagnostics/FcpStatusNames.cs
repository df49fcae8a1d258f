using System;

namespace FcpFast.Protocol.Diagnostics;

/// <summary>The names and stable codes under which a status is shown outside.</summary>
public static class FcpStatusNames
{
    private static readonly string[] Names = Enum.GetNames<FcpStatus>();

    /// <summary>How many values <see cref="FcpStatus"/> has.</summary>
    public static int Count => Names.Length;

    /// <summary>The refusal name of WIRE.md, as metrics, vectors and the tool print it.</summary>
    /// <remarks>
    /// Cost:   one array read, no allocation.
    /// Source: [WIRE §20].
    /// </remarks>
    public static string NameOf(FcpStatus status) => Names[(int)status];

    /// <summary>The stable error code: V2's own where it has one, else <c>FCPFAST_ERR_</c> and the name in upper snake case.</summary>
    /// <remarks>
    /// Cost:   allocates for names without a V2 code; for logs and reports.
    /// Source: [WIRE §21].
    /// </remarks>
    public static string CodeOf(FcpStatus status) => status switch
    {
        FcpStatus.UnsupportedVersion => "FCP_ERR_UNSUPPORTED_VERSION",
        FcpStatus.UnknownFlags or FcpStatus.NotEncrypted or FcpStatus.CompressionUnsupported => "FCP_ERR_BAD_FLAGS",
        FcpStatus.InvalidSignature => "FCP_ERR_MAC_INVALID",
        FcpStatus.DecryptFailed or FcpStatus.AeadDecryptFailed => "FCP_ERR_AEAD_INVALID",
        FcpStatus.ReplayZero or FcpStatus.ReplayDuplicate or FcpStatus.ReplayTooOld or FcpStatus.ReplayRetired
            or FcpStatus.ReplayInstanceTaken or FcpStatus.ReplayLaneLimit or FcpStatus.ReplayFenced or FcpStatus.ReplayRejected
            or FcpStatus.HelloReplayed or FcpStatus.EpochErased => "FCP_ERR_REPLAY",
        FcpStatus.AttestationExpired => "FCP_ERR_ATTESTATION_EXPIRED",
        FcpStatus.Downgrade or FcpStatus.EpochOutOfRange or FcpStatus.ProfileRollback => "FCP_ERR_ZONE_POLICY_VIOLATION",
        _ => "FCPFAST_ERR_" + UpperSnake(NameOf(status)),
    };

    private static string UpperSnake(string name)
    {
        Span<char> text = stackalloc char[name.Length * 2];
        int length = 0;
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]) && !char.IsAsciiLetterUpper(name[i - 1])) text[length++] = '_';
            text[length++] = char.ToUpperInvariant(name[i]);
        }

        return new string(text[..length]);
    }
}
