using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Tests.Diagnostics;

/// <summary>[WIRE §20], [WIRE §21], [WIRE §19]: names and stable codes.</summary>
public sealed class FcpStatusNamesTests
{
    // WIRE §21, left to right
    private static readonly Dictionary<string, string[]> CodesOfV2 = new()
    {
        ["FCP_ERR_UNSUPPORTED_VERSION"] = ["UnsupportedVersion"],
        ["FCP_ERR_BAD_FLAGS"] = ["UnknownFlags", "NotEncrypted", "CompressionUnsupported"],
        ["FCP_ERR_MAC_INVALID"] = ["InvalidSignature"],
        ["FCP_ERR_AEAD_INVALID"] = ["DecryptFailed", "AeadDecryptFailed"],
        ["FCP_ERR_REPLAY"] =
        [
            "ReplayZero", "ReplayDuplicate", "ReplayTooOld", "ReplayRetired", "ReplayInstanceTaken", "ReplayLaneLimit", "ReplayFenced",
            "ReplayRejected", "HelloReplayed", "EpochErased",
        ],
        ["FCP_ERR_ATTESTATION_EXPIRED"] = ["AttestationExpired"],
        ["FCP_ERR_ZONE_POLICY_VIOLATION"] = ["Downgrade", "EpochOutOfRange", "ProfileRollback"],
    };

    // The names that WIRE.md gives to refusals of the rooms that exist; a name that vanishes or is misspelt breaks vectors and counters.
    private const string NamesOfWire =
        "Empty TooLong NonAscii UppercaseNotAllowed InvalidStartChar InvalidChar InvalidNodeId MissingPrefix InvalidTailscaleTagPrefix InvalidSchemaId " +
        "InvalidObjectId PayloadTooLarge CborDeserialize NonCanonicalEncoding DuplicateMapKey UnsupportedItem NonTextKey TooDeep TrailingBytes " +
        "MissingSchemaHashPrefix SchemaMismatch ExceedsMtu TooShort InvalidMagic UnsupportedVersion UnknownFlags InvalidSymbolSize LengthMismatch " +
        "FrameSizeMismatch DuplicateEsi TooManySymbols SymbolSizeOutOfRange NoSymbols NotEncrypted InvalidEsi InvalidK CompressionUnsupported " +
        "EncryptFailed DecryptFailed ZoneKeyIdMismatch UnknownSource DatagramTooShort DatagramTooLarge InvalidSignature SeqMismatch InvalidSuiteId " +
        "NoMutualSuite MissingSignature InvalidCookie InvalidCookieLength InvalidAttestation AttestationExpired AttestationNodeMismatch " +
        "AttestationVerifyFailed InvalidMacKeyLength TimestampSkew AckPeerMismatch SuiteNotOffered SuiteBelowFloor HelloReplayed DuplicateSessionId " +
        "WrongRecipient SelfHandshake InvalidSuites InvalidTransportLimits InvalidPublicKey UnknownSession ReplayRejected AeadDecryptFailed HpkeFailed " +
        "InvalidRekeyPolicy ProfileMissing ZoneIdMismatch DuplicateRecipient InvalidValidity NotYetValid ManifestExpired Downgrade ManifestRollback " +
        "ManifestEquivocation ManifestGap MissingWrappedZoneKey MissingWrappedObjectIdKey InvalidKeyLength KeyIdReuse UnknownZoneKey EpochOutOfRange " +
        "EpochErased InvalidProfile ProfileRollback ProfileEquivocation HintTooLarge BoundsExceeded InvalidRequest AuthenticationRequired ObjectNotFound " +
        "SignatureInvalid AlreadyComplete InvalidUtf8 NotMember InvalidName InvalidFile InvalidStatus ChunkCountMismatch ObjectIdMismatch HashMismatch " +
        "PeerTableFull";

    [Fact]
    public void Default_OfTheEnum_IsNotSuccess()
    {
        Assert.Equal(FcpStatus.Undecided, default);
        Assert.NotEqual(FcpStatus.Accepted, default);
    }

    [Fact]
    public void NameOf_EveryStatus_IsItsMemberNameAndUnique()
    {
        FcpStatus[] all = Enum.GetValues<FcpStatus>();
        Assert.Equal(all.Length, FcpStatusNames.Count);
        Assert.All(all, static status => Assert.Equal(status.ToString(), FcpStatusNames.NameOf(status)));
        Assert.Equal(all.Length, all.Select(FcpStatusNames.NameOf).Distinct().Count());
    }

    [Fact]
    public void NameOf_NamesOfWire_AllExist()
    {
        HashSet<string> names = Enum.GetNames<FcpStatus>().ToHashSet();
        Assert.All(NamesOfWire.Split(' '), name => Assert.Contains(name, names));
    }

    [Fact]
    public void CodeOf_NamesWithAV2Code_GivesThatCode()
    {
        foreach ((string code, string[] names) in CodesOfV2)
        {
            Assert.All(names, name => Assert.Equal(code, FcpStatusNames.CodeOf(Enum.Parse<FcpStatus>(name))));
        }
    }

    [Fact]
    public void CodeOf_EveryOtherName_IsUpperSnakeCaseAndUnique()
    {
        HashSet<string> ofV2 = CodesOfV2.Values.SelectMany(static names => names).ToHashSet();
        List<FcpStatus> own = Enum.GetValues<FcpStatus>().Where(status => !ofV2.Contains(status.ToString())).ToList();
        Assert.All(own, static status =>
        {
            string expected = "FCPFAST_ERR_" + Regex.Replace(status.ToString(), "(?<!^)([A-Z])", "_$1").ToUpperInvariant();
            Assert.Equal(expected, FcpStatusNames.CodeOf(status));
            Assert.Matches("^FCPFAST_ERR_[A-Z0-9]+(_[A-Z0-9]+)*$", FcpStatusNames.CodeOf(status));
        });
        Assert.Equal(own.Count, own.Select(FcpStatusNames.CodeOf).Distinct().Count());
    }

    [Theory]
    [InlineData(FcpStatus.InvalidUtf8, "FCPFAST_ERR_INVALID_UTF8")]
    [InlineData(FcpStatus.MustRekey, "FCPFAST_ERR_MUST_REKEY")]
    [InlineData(FcpStatus.Empty, "FCPFAST_ERR_EMPTY")]
    public void CodeOf_LiteralExamples_AreStable(FcpStatus status, string code) => Assert.Equal(code, FcpStatusNames.CodeOf(status));
}
