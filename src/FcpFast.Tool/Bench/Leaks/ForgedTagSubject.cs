using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>Opening messages whose tags are wrong in their first byte, or in their last: how far a guess is right must not show.</summary>
internal sealed class ForgedTagSubject<TAead>(string engine, AeadShape shape) : AeadSubject<TAead>($"{engine}: open, place of a tag's wrong byte", shape)
    where TAead : struct, IAeadEngine
{
    public override void Run() => Open();

    protected override void Fill(int inputClass, Span<byte> input, Random random)
    {
        FillSecrets(1, input, random);
        SealInPlace(input);
        SpoilTags(input, inputClass * (CryptoSizes.TagBytes - 1));
    }
}
