using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>The system's generator, or a seeded one in a simulation.</summary>
public interface IRandomSource
{
    /// <summary>Fills <paramref name="bytes"/> with unpredictable bytes.</summary>
    void Fill(Span<byte> bytes);
}
