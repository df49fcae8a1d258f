using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors;

/// <summary>Gives the bytes that a vector prescribes, in their order; for nothing but vectors.</summary>
internal sealed class ScriptedRandom(IEnumerable<byte[]> draws) : IRandomSource
{
    private readonly Queue<byte[]> _draws = new(draws);

    public void Fill(Span<byte> bytes)
    {
        if (!_draws.TryDequeue(out byte[]? draw) || draw.Length != bytes.Length)
        {
            throw new VectorFormatException("the case prescribes other randomness than the product draws");
        }

        draw.CopyTo(bytes);
    }
}
