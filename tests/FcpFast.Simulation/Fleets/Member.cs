using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Ids;

namespace FcpFast.Simulation.Fleets;

/// <summary>A node as its owner knows it.</summary>
/// <param name="Name">Its name, which is its id.</param>
/// <param name="Id">Its id.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Attestation">What the owner says of it.</param>
public sealed record Member(string Name, NodeId Id, NodeKeys Keys, NodeKeyAttestation Attestation);
