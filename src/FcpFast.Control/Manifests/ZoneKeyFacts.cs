using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>What is remembered of a zone key, also when the key itself is erased.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Algorithm">Its AEAD, which belongs to the key.</param>
/// <param name="Ratchets">Whether it ratchets by epoch; without it another key would be in use under the same id.</param>
/// <param name="FirstValidFromUnixSeconds">Of the manifest that brought it first; its epoch chain starts there.</param>
/// <param name="KeyCheck">By which another key of the same id is found out; null until the key was opened here.</param>
/// <remarks>Source: [WIRE §11.5] M11.</remarks>
public sealed record ZoneKeyFacts(
    ZoneKeyId Id, AeadAlgorithm Algorithm, bool Ratchets, ulong FirstValidFromUnixSeconds, Bytes32? KeyCheck);
