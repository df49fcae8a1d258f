using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Tests.Crypto;

/// <summary>Gives prescribed bytes, in their order.</summary>
internal sealed class FixedRandom(params byte[][] draws) : IRandomSource
{
    private readonly Queue<byte[]> _draws = new(draws);

    public void Fill(Span<byte> bytes)
    {
        byte[] draw = _draws.Dequeue();
        Assert.Equal(draw.Length, bytes.Length);
        draw.CopyTo(bytes);
    }
}
