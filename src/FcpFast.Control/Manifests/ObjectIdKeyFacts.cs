using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>What is remembered of an object-id key, also when the key itself is erased.</summary>
/// <param name="Id">Its id.</param>
/// <param name="KeyCheck">By which another key of the same id is found out.</param>
/// <remarks>Source: [WIRE §11.5] M11.</remarks>
public sealed record ObjectIdKeyFacts(ObjectIdKeyId Id, Bytes32 KeyCheck);
