using System;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Udp;

/// <summary>One of the two ways in which a port uses its socket.</summary>
/// <remarks>Threads: one, the pump's. Cost: a call a batch, so the indirection does not count.</remarks>
internal interface IUdpPath : IDisposable
{
    /// <summary>True if something was taken from the socket and not yet handed out.</summary>
    bool HasPending { get; }

    OffloadState Offload { get; }

    int LastError { get; }

    int Receive(Span<DatagramSlab?> slabs);

    SendStatus Send(ReadOnlySpan<byte> datagrams, int datagramBytes, in NetAddress to, out int sentBytes);
}
