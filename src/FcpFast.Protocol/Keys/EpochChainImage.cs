using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>An epoch chain as it is stored or handed over: copies of all that it holds.</summary>
/// <param name="First">The epoch at which it starts.</param>
/// <param name="RetainEpochs">Past epochs that stay readable.</param>
/// <param name="High">The highest epoch that it was advanced to.</param>
/// <param name="ChainEpoch">The epoch of <paramref name="ChainKey"/>.</param>
/// <param name="ChainKey">What later epochs follow from.</param>
/// <param name="EpochKeys">The keys of the epochs in range.</param>
/// <remarks>Source: [WIRE §13.3].</remarks>
public sealed record EpochChainImage(
    EpochId First, uint RetainEpochs, EpochId High, EpochId ChainEpoch, SecretKey ChainKey, IReadOnlyDictionary<EpochId, SecretKey> EpochKeys) : IDisposable
{
    /// <summary>Erases the copies.</summary>
    public void Dispose()
    {
        ChainKey.Dispose();
        foreach (SecretKey key in EpochKeys.Values) key.Dispose();
    }
}
