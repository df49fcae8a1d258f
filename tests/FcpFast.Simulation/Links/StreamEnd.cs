using System;
using FcpFast.Protocol.Wire;

namespace FcpFast.Simulation.Links;

/// <summary>One end of a connection that carries whole messages in order.</summary>
/// <remarks>Shape: what a stream port of FcpFast.Transport offers, with its bounds on what waits to be sent.</remarks>
public sealed class StreamEnd
{
    /// <summary>Messages that may wait.</summary>
    public const int OutboundMessagesMax = 256;

    /// <summary>Bytes that may wait.</summary>
    public const int OutboundBytesMax = 16 * 1024 * 1024;

    private readonly Mesh _mesh;
    private int _outboundMessages;

    internal StreamEnd(Mesh mesh, long number, IHost host, NetAddress remote, object? tag)
    {
        _mesh = mesh;
        Number = number;
        Host = host;
        Remote = remote;
        Tag = tag;
    }

    /// <summary>Its number, never used twice in a world.</summary>
    public long Number { get; }

    /// <summary>Whose end it is.</summary>
    public IHost Host { get; }

    /// <summary>The other end's address.</summary>
    public NetAddress Remote { get; }

    /// <summary>At the side that asked for the connection, what was given with the request; null at the other.</summary>
    public object? Tag { get; }

    /// <summary>True if the other side asked for the connection.</summary>
    public bool IsAccepted => Tag is null;

    /// <summary>True until either side or the network ends it.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Bytes that wait to be sent.</summary>
    public long OutboundBytes { get; private set; }

    internal StreamEnd? Other { get; set; }

    /// <summary>Sends a message; false if the connection has ended or, by this call, ends because too much waits.</summary>
    public bool Send(bool isHandshake, ReadOnlySpan<byte> message)
    {
        if (!IsOpen) return false;
        if (_outboundMessages == OutboundMessagesMax || OutboundBytes + message.Length > OutboundBytesMax)
        {
            Close();
            return false;
        }

        _outboundMessages++;
        OutboundBytes += message.Length;
        _mesh.Send(this, isHandshake ? StreamItem.Handshake : StreamItem.Control, message);
        return true;
    }

    /// <summary>Ends it; what was sent before still arrives.</summary>
    public void Close()
    {
        if (!IsOpen) return;
        IsOpen = false;
        _mesh.Send(this, StreamItem.Close, default);
    }

    /// <summary>The connection has ended without this side's doing.</summary>
    internal void Break()
    {
        if (!IsOpen) return;
        IsOpen = false;
        Host.TakeClose(this);
    }

    /// <summary>The host is gone: nobody is told here.</summary>
    internal void Vanish() => IsOpen = false;

    /// <summary>A packet of the other end has come through.</summary>
    internal void Take(Packet packet)
    {
        if (packet.Item == StreamItem.Close)
        {
            Break();
            return;
        }

        if (!packet.IsCopy && !packet.IsInjected)
        {
            Other!._outboundMessages--;
            Other.OutboundBytes -= packet.Bytes.Length;
        }

        if (IsOpen) Host.TakeMessage(this, packet.Item == StreamItem.Handshake, packet.Bytes);
    }
}
