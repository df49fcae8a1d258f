using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Node;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Simulation.Tests.Support;

/// <summary>What a simulated node that is one shard of several sees of the others, who are not there.</summary>
internal sealed class LoneShard(int shard, int shards, params string[] strangers) : IShardPort
{
    public SessionSteering Steering { get; } = new(shard, shards);

    /// <summary>Hellos that were handed to another shard.</summary>
    public List<(byte[] Hello, NetAddress From)> PassedOn { get; } = [];

    /// <summary>Sessions of this shard.</summary>
    public HashSet<SessionId> Open { get; } = [];

    /// <summary>True until a session was refused as another shard's.</summary>
    public bool RefusesOnce { get; set; }

    /// <summary>False once the other shard's queue is full.</summary>
    public bool HasRoom { get; set; } = true;

    public bool Owns(NodeId node) => Array.IndexOf(strangers, node.ToString()) < 0;

    public bool Owns(ReadOnlySpan<byte> node) => Array.IndexOf(strangers, Encoding.ASCII.GetString(node)) < 0;

    public bool PassOn(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> source, NetAddress from)
    {
        if (HasRoom) PassedOn.Add((hello.ToArray(), from));
        return HasRoom;
    }

    public bool TryOpen(SessionId session)
    {
        bool isRefused = RefusesOnce;
        RefusesOnce = false;
        return !isRefused && Open.Add(session);
    }

    public void Closed(SessionId session) => Assert.True(Open.Remove(session), "a session that was open is closed");
}
