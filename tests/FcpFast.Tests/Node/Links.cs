using System;
using FcpFast.Node;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tests.Node;

/// <summary>Links and ids for tests of what stands around them.</summary>
internal static class Links
{
    public static NodeId Node(string name)
    {
        if (NodeId.Parse(name, out NodeId id) != FcpStatus.Accepted) throw new ArgumentException("no node id", nameof(name));
        return id;
    }

    public static NetAddress Address(int number, ushort port = 7000) => NetAddress.IPv4([10, 0, (byte)(number >> 8), (byte)(number & 0xFF)], port);

    /// <summary>A link to a peer; up unless told otherwise.</summary>
    public static PeerLink Link(string peer, bool isUp = true) =>
        new(new PeerConfiguration(Node(peer), ConnectsTo: false, default), new RequestBudget(AdmissionLimits.Default), new RelayBudget(0, default))
        {
            State = isUp ? LinkState.Ready : LinkState.Down,
        };
}
