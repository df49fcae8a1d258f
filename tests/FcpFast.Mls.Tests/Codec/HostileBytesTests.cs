using System;
using System.Text.Json;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tests.Support;
using FcpFast.Mls.Tree;

namespace FcpFast.Mls.Tests.Codec;

/// <summary>Any bytes are refused or have one meaning: what decodes encodes to the same bytes, and nothing throws.</summary>
public sealed class HostileBytesTests
{
    [Fact]
    public void Decode_RandomBytes_RefusesOrReturnsTheSame()
    {
        var random = new Random(20260101);
        byte[] bytes = new byte[200];
        for (int i = 0; i < 20_000; i++)
        {
            Span<byte> some = bytes.AsSpan(0, random.Next(bytes.Length));
            random.NextBytes(some);
            for (int at = 0; at < some.Length; at += 3) some[at] = (byte)random.Next(4);
            EveryStructure(some.ToArray(), $"round {i}");
        }
    }

    [Fact]
    public void Decode_VectorsWithAByteChangedOrCut_RefusesOrReturnsTheSame()
    {
        var random = new Random(20260102);
        foreach (JsonElement vector in MlsVectors.Cases("messages.json"))
        {
            foreach (JsonProperty field in vector.EnumerateObject())
            {
                byte[] bytes = Convert.FromHexString(field.Value.GetString()!);
                if (bytes.Length == 0) continue;
                EveryStructure(bytes[..random.Next(bytes.Length)], field.Name);
                for (int i = 0; i < 5; i++)
                {
                    byte[] changed = (byte[])bytes.Clone();
                    changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                    EveryStructure(changed, field.Name);
                }
            }
        }
    }

    [Fact]
    public void Decode_BytesBehindAStructure_IsMalformed()
    {
        byte[] package = MlsVectors.Cases("messages.json")[0].Hex("mls_key_package");
        Assert.Equal(MlsStatus.Accepted, MlsCodec.Decode(package, out MlsMessage _));
        Assert.Equal(MlsStatus.Malformed, MlsCodec.Decode([.. package, 0], out MlsMessage _));
    }

    [Theory]
    [InlineData("000100ff", MlsStatus.Malformed)]
    [InlineData("00020005", MlsStatus.UnsupportedVersion)]
    public void Decode_AnotherVersionOrFormat_IsNamed(string hex, MlsStatus expected) =>
        Assert.Equal(expected, MlsCodec.Decode(Convert.FromHexString(hex), out MlsMessage _));

    [Fact]
    public void Decode_AProposalOfAnotherType_IsUnsupported()
    {
        Assert.Equal(MlsStatus.UnsupportedProposal, MlsCodec.Decode([0x0A, 0x0A, 1, 2], out Proposal _));
        Assert.Equal(MlsStatus.UnsupportedProposal, MlsCodec.Decode([0, 8], out Proposal _));
        Assert.Equal(MlsStatus.UnsupportedProposal, MlsCodec.Decode([0, 0], out Proposal _));
    }

    [Fact]
    public void Decode_AnExtensionTwice_IsMalformed()
    {
        Assert.Equal(MlsStatus.Accepted, MlsCodec.Decode([0, 7, 6, 0, 9, 0, 0, 8, 0], out Proposal _));
        Assert.Equal(MlsStatus.Malformed, MlsCodec.Decode([0, 7, 6, 0, 9, 0, 0, 9, 0], out Proposal _));
    }

    [Fact]
    public void Decode_UnmergedLeavesOutOfOrder_IsMalformed()
    {
        Assert.Equal(MlsStatus.Accepted, MlsCodec.Decode([0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 2], out ParentNode _));
        Assert.Equal(MlsStatus.Malformed, MlsCodec.Decode([0, 0, 8, 0, 0, 0, 2, 0, 0, 0, 1], out ParentNode _));
        Assert.Equal(MlsStatus.Malformed, MlsCodec.Decode([0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 1], out ParentNode _));
    }

    [Theory]
    [InlineData("00", MlsStatus.InvalidTree)] // no node
    [InlineData("0100", MlsStatus.InvalidTree)] // a blank last node
    [InlineData("0501020000" + "00", MlsStatus.InvalidTree)] // a parent where a leaf belongs
    public void Decode_ATreeOfWrongShape_IsInvalid(string hex, MlsStatus expected) =>
        Assert.Equal(expected, MlsCodec.Decode(Convert.FromHexString(hex), out RatchetTree _));

    [Fact]
    public void Decode_MoreThanTheLongestMessage_IsTooLarge() =>
        Assert.Equal(MlsStatus.TooLarge, MlsCodec.Decode(new byte[MlsCodec.MessageBytesMax + 1], out MlsMessage _));

    private static void EveryStructure(byte[] bytes, string what)
    {
        One<MlsMessage>(bytes, what);
        One<Proposal>(bytes, what);
        One<Commit>(bytes, what);
        One<RatchetTree>(bytes, what);
        One<GroupSecrets>(bytes, what);
        One<GroupInfo>(bytes, what);
        One<AuthenticatedContent>(bytes, what);
        One<UpdatePath>(bytes, what);
        One<RequiredCapabilities>(bytes, what);
    }

    private static void One<T>(byte[] bytes, string what)
        where T : IMlsStruct<T>
    {
        if (MlsCodec.Decode(bytes, out T value) != MlsStatus.Accepted) return;
        Assert.True(bytes.AsSpan().SequenceEqual(value.ToBytes()), $"{what}: a {typeof(T).Name} has two encodings: {Convert.ToHexString(bytes)}");
    }
}
