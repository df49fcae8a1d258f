using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>Opening what was sealed under one fixed key, or under random keys.</summary>
internal sealed class OpenSubject<TAead>(string engine, AeadShape shape) : AeadSubject<TAead>($"{engine}: open, key and plaintext", shape)
    where TAead : struct, IAeadEngine
{
    public override void Run() => Open();

    protected override void Fill(int inputClass, Span<byte> input, Random random)
    {
        FillSecrets(inputClass, input, random);
        SealInPlace(input);
    }
}
