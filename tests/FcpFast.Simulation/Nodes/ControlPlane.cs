using System;
using System.Collections.Generic;
using System.IO;
using FcpFast.Control.Attestations;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Simulation.Fleets;

namespace FcpFast.Simulation.Nodes;

/// <summary>The control plane of a simulated node: the real state, store and exchange, served as a running node's thread serves them.</summary>
/// <remarks>Shape: one thing at a time; each takes as long as a flush of the disk, and its effects come after it.</remarks>
public sealed class ControlPlane : IRecordPort, IExchangePort, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fcpfast-simulation-").FullName;
    private readonly World _world;
    private readonly Member _member;
    private readonly TimeSpan _flush;
    private readonly NodeState _state;
    private readonly RecordExchange _exchange;
    private SimulatedNode? _machine;
    private long _busyUntilTicks;

    /// <summary>Makes the state of a member that knows the attestations of all.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="member">Whose.</param>
    /// <param name="flush">How long a change takes to be durable.</param>
    public ControlPlane(Fleet fleet, Member member, TimeSpan flush)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(member);
        (_world, _member, _flush) = (fleet.World, member, flush);
        CryptoProvider crypto = fleet.NewCrypto($"{member.Name} control");
        var identity = new StoreIdentity(StoreRole.Node, member.Id, fleet.Card);
        StateStore store = StateStore.Create(
            Path.Combine(_folder, "state"), identity, member.Keys, new StoreKeySource.KeyFile(), NodeClock.WallStartUnixSeconds, crypto);
        _state = NodeState.Open(store, crypto);
        _exchange = new RecordExchange(_state, this);
        foreach (Member known in fleet.Members) _exchange.Take(ControlRecord.Of(RecordKind.Attestation, known.Attestation.Encoded.Span), NodeClock.WallStartUnixSeconds);
    }

    /// <summary>What an operator was told.</summary>
    public List<NodeAlarm> Alarms { get; } = [];

    /// <summary>True if a node's key is revoked here.</summary>
    public bool HasRevoked(Member member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return _state.Revocations.IsRevoked(member.Keys.Public.Signing);
    }

    /// <inheritdoc/>
    public bool Takes(SchemaHash schema) => RecordExchange.Takes(schema);

    /// <inheritdoc/>
    public FcpStatus Receive(NodeId from, ReadOnlySpan<byte> payload)
    {
        byte[] copy = payload.ToArray();
        Do(() => _exchange.Receive(from, copy, Now.UnixSeconds));
        return FcpStatus.Accepted;
    }

    /// <summary>A record is put into the node's inbox.</summary>
    /// <param name="record">The record.</param>
    /// <param name="stored">Called when it has been judged and stored.</param>
    public void Take(ControlRecord record, Action<FcpStatus> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        Do(() => stored(_exchange.Take(record, Now.UnixSeconds).Status));
    }

    void IExchangePort.Send(NodeId to, ReadOnlyMemory<byte> payload) => _world.After(TimeSpan.Zero, () =>
    {
        if (_machine is { IsUp: true }) _machine.Core.SendRecord(to, payload.Span, Now);
    });

    void IExchangePort.ZoneChanged(ZoneId zone)
    {
    }

    void IExchangePort.PeersChanged() => _world.After(TimeSpan.Zero, () =>
    {
        if (_machine is not { IsUp: true }) return;
        foreach (NodeKeyAttestation attestation in _state.Attestations.Nodes.Values) _machine.Core.Follow(_state.IdentityOf(attestation, Now.UnixSeconds), Now);
    });

    void IExchangePort.Raise(NodeAlarm alarm) => Alarms.Add(alarm);

    /// <summary>Closes the store and removes it.</summary>
    public void Dispose()
    {
        _state.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal void Attach(SimulatedNode machine) => _machine = machine;

    internal void LinkChanged(NodeId peer, LinkState state)
    {
        if (state == LinkState.Established) Do(() => _exchange.Connected(peer, Now.UnixSeconds));
        else if (state == LinkState.Down) Do(() => _exchange.Disconnected(peer));
    }

    private Instant Now => _machine!.Clock.Read();

    private void Do(Action work)
    {
        _busyUntilTicks = Math.Max(_busyUntilTicks, _world.NowTicks) + _flush.Ticks;
        _world.At(_busyUntilTicks, () =>
        {
            _world.Trace.Add(_world.NowTicks, "control", _member.Name, 0);
            work();
        });
    }
}
