using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>Sealing under one fixed key, or under random keys and plaintexts.</summary>
internal sealed class SealSubject<TAead>(string engine, AeadShape shape) : AeadSubject<TAead>($"{engine}: seal, key and plaintext", shape)
    where TAead : struct, IAeadEngine
{
    public override void Run() => Seal();

    protected override void Fill(int inputClass, Span<byte> input, Random random) => FillSecrets(inputClass, input, random);
}
