using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Tests.Crypto;

/// <summary>The lengths that a batch proves for its engine.</summary>
public sealed class AeadBatchOffsetTests
{
    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(int.MinValue, 0)]
    [InlineData(0, int.MaxValue)]
    [InlineData(int.MaxValue, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void Batch_ItemOutside_IsTheCallersFault(int inputOffset, int outputOffset) => Assert.Throws<ArgumentException>(() => new AeadBatch(
        AeadAlgorithm.ChaCha20Poly1305, new byte[8], new byte[24], [new AeadItem(inputOffset, outputOffset)], 8, new byte[12], [], 0, sealing: true));
}
