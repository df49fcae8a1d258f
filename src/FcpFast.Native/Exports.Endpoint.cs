using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading;
using FcpFast.Interop.Foreign;
using FcpFast.Observation;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Native;

/// <summary>Endpoints, and what they send and receive.</summary>
internal static partial class Exports
{
    private const uint ProfileEdge = 1;
    private const int PeersMax = 65_536;
    private static readonly int SizeOfOptions = ForeignMemory.SizeOf<EndpointOptionsLayout>();
    private static readonly int SizeOfPeer = ForeignMemory.SizeOf<PeerLayout>();

    [UnmanagedCallersOnly(EntryPoint = "fcp_endpoint_open")]
    public static int OpenEndpoint(nint options, nint handle) => Call.Run(() =>
    {
        if (handle == 0 || !ForeignMemory.TryGet(options, out EndpointOptionsLayout layout)) return Call.Refuse(FcpResult.InvalidArgument, "options and out: not null");
        if (!TryRead(layout, out FcpEndpointOptions? read, out string? fault)) return Call.Refuse(FcpResult.InvalidArgument, fault);
        return Give(handle, FcpEndpoint.Open(read));
    });

    [UnmanagedCallersOnly(EntryPoint = "fcp_endpoint_close")]
    public static int CloseEndpoint(ulong endpoint) => Release<FcpEndpoint>(endpoint, "endpoint", static held => held.DisposeAsync().AsTask().GetAwaiter().GetResult());

    [UnmanagedCallersOnly(EntryPoint = "fcp_endpoint_address")]
    public static int Address(ulong endpoint, nint text, nuint capacity) => Call.Run(() =>
        HandleTable.TryGet(endpoint, out FcpEndpoint? held) ? Call.CopyText(held.Address.ToString(), text, capacity, 0) : NoSuch("endpoint"));

    [UnmanagedCallersOnly(EntryPoint = "fcp_endpoint_status")]
    public static int Status(ulong endpoint, nint text, nuint capacity, nint needed) => Call.Run(() =>
    {
        if (!HandleTable.TryGet(endpoint, out FcpEndpoint? held)) return NoSuch("endpoint");
        FcpEndpointFigures figures = held.ReadFiguresAsync().GetAwaiter().GetResult();
        return Call.CopyText(FcpStatusReport.Of(held, figures).ToJsonString(), text, capacity, needed);
    });

    [UnmanagedCallersOnly(EntryPoint = "fcp_endpoint_send")]
    public static int Send(ulong endpoint, nint zone, nint node, nint name, nint bytes, nuint count, nint handle) => Call.Run(() =>
    {
        if (!HandleTable.TryGet(endpoint, out FcpEndpoint? held)) return NoSuch("endpoint");
        if (!ForeignMemory.TryReadText(zone, TextBytesMax, out string? zoneText) || ZoneId.Parse(zoneText, out ZoneId to) != FcpStatus.Accepted) return Call.Refuse(FcpResult.InvalidArgument, "zone: no zone id");
        if (!ForeignMemory.TryReadText(node, TextBytesMax, out string? nodeText) || NodeId.Parse(nodeText, out NodeId member) != FcpStatus.Accepted) return Call.Refuse(FcpResult.InvalidArgument, "node: no node id");
        if (!ForeignMemory.TryReadText(name, TextBytesMax, out string? nameText)) return Call.Refuse(FcpResult.InvalidArgument, "name: no text");
        if (handle == 0 || !ForeignMemory.TryRead(bytes, count, out ReadOnlySpan<byte> content)) return Call.Refuse(FcpResult.InvalidArgument, "bytes and out: not null, and at most 2 GiB");
        // A copy: C may use its memory anew as soon as this returns.
        FcpFileSend send = held.SendObjectAsync(nameText, new ReadOnlySequence<byte>(content.ToArray()), to, member).GetAwaiter().GetResult();
        return Give(handle, send);
    });

    [UnmanagedCallersOnly(EntryPoint = "fcp_send_wait")]
    public static int WaitForSend(ulong send, int milliseconds) => Call.Run(() =>
    {
        if (!HandleTable.TryGet(send, out FcpFileSend? held)) return NoSuch("send");
        try
        {
            if (!held.Completion.Wait(Bounded(milliseconds))) return Call.Refuse(FcpResult.Timeout, "it has not arrived yet");
        }
        catch (AggregateException e) when (e.InnerException is OperationCanceledException)
        {
            return Call.Refuse(FcpResult.Closed, "it was given up, or its endpoint was closed");
        }

        return held.Completion.Result ? FcpResult.Ok : Call.Refuse(FcpResult.Refused, held.FailureDetail ?? "the receiver has refused it");
    });

    [UnmanagedCallersOnly(EntryPoint = "fcp_send_release")]
    public static int ReleaseSend(ulong send) => Release<FcpFileSend>(send, "send", static _ => { }); // it goes on

    [UnmanagedCallersOnly(EntryPoint = "fcp_endpoint_receive")]
    public static int Receive(ulong endpoint, int milliseconds, nint handle, nint size) => Call.Run(() =>
    {
        if (!HandleTable.TryGet(endpoint, out FcpEndpoint? held)) return NoSuch("endpoint");
        if (handle == 0 || size == 0) return Call.Refuse(FcpResult.InvalidArgument, "out and size: not null");
        using var patience = new CancellationTokenSource(Bounded(milliseconds));
        try
        {
            while (true)
            {
                if (held.Objects.TryRead(out FcpObject? received))
                {
                    ForeignMemory.TrySet(size, (ulong)received.Content.Length);
                    return Give(handle, received);
                }

                if (!held.Objects.WaitToReadAsync(patience.Token).AsTask().GetAwaiter().GetResult()) return Call.Refuse(FcpResult.Closed, "the endpoint was closed");
            }
        }
        catch (OperationCanceledException)
        {
            return Call.Refuse(FcpResult.Timeout, "nothing has come");
        }
    });

    [UnmanagedCallersOnly(EntryPoint = "fcp_object_read")]
    public static int Read(ulong handle, ulong offset, nint bytes, nuint count) => Call.Run(() =>
    {
        if (!HandleTable.TryGet(handle, out FcpObject? received)) return NoSuch("object");
        if (!ForeignMemory.TryWrite(bytes, count, out Span<byte> into)) return Call.Refuse(FcpResult.InvalidArgument, "bytes: not null, and at most 2 GiB");
        lock (received)
        {
            ReadOnlySequence<byte> content = received.Content; // empty once it is released
            if (offset > (ulong)content.Length || count > (ulong)content.Length - offset) return Call.Refuse(FcpResult.InvalidArgument, "offset and count: within the object");
            content.Slice((long)offset, into.Length).CopyTo(into);
        }

        return FcpResult.Ok;
    });

    [UnmanagedCallersOnly(EntryPoint = "fcp_object_origin")]
    public static int Origin(ulong handle, nint name, nuint nameCapacity, nint source, nuint sourceCapacity, nint zone, nuint zoneCapacity) => Call.Run(() =>
    {
        if (!HandleTable.TryGet(handle, out FcpObject? received)) return NoSuch("object");
        FcpResult copied = name == 0 ? FcpResult.Ok : Call.CopyText(received.Name, name, nameCapacity, 0);
        if (copied == FcpResult.Ok && source != 0) copied = Call.CopyText(received.Source.ToString(), source, sourceCapacity, 0);
        if (copied == FcpResult.Ok && zone != 0) copied = Call.CopyText(received.Zone.ToString(), zone, zoneCapacity, 0);
        return copied;
    });

    [UnmanagedCallersOnly(EntryPoint = "fcp_object_release")]
    public static int ReleaseObject(ulong handle) => Release<FcpObject>(handle, "object", static received =>
    {
        lock (received) received.Dispose(); // not while it is read
    });

    private static bool TryRead(in EndpointOptionsLayout layout, [NotNullWhen(true)] out FcpEndpointOptions? options, [NotNullWhen(false)] out string? fault)
    {
        options = null;
        if (layout.StructBytes != (nuint)SizeOfOptions) return Refuse($"struct_bytes: {SizeOfOptions} in this version", out fault);
        if (!ForeignMemory.TryReadText(layout.StateFolder, TextBytesMax, out string? folder)) return Refuse("state_folder: a text", out fault);
        if (layout.Profile > ProfileEdge) return Refuse("profile: 0 or 1", out fault);
        var listen = new IPEndPoint(IPAddress.Loopback, 0);
        if (layout.Listen != 0 && !TryReadAddress(layout.Listen, out listen)) return Refuse("listen: an address such as 127.0.0.1:4400", out fault);
        if (!TryReadPeers(layout, out List<FcpPeer>? peers, out fault)) return false;
        string? into = null;
        if (layout.ReceiveInto != 0 && !ForeignMemory.TryReadText(layout.ReceiveInto, TextBytesMax, out into)) return Refuse("receive_into: a text", out fault);
        if (layout.ObjectBytesMax > int.MaxValue || layout.ObjectMemoryBytesMax > long.MaxValue) return Refuse("object_bytes_max: at most 2 GiB", out fault);
        options = (layout.Profile == ProfileEdge ? FcpEndpointOptions.Edge(folder) : FcpEndpointOptions.Gateway(folder)) with
        {
            Listen = listen,
            AcceptsSessions = layout.AcceptsSessions != 0,
            Peers = peers,
            ReceiveInto = into,
            ReceiveObjects = layout.ObjectMemoryBytesMax == 0 ? null : new FcpObjectOptions((int)layout.ObjectBytesMax, (long)layout.ObjectMemoryBytesMax),
        };
        return true;
    }

    private static bool TryReadPeers(in EndpointOptionsLayout layout, [NotNullWhen(true)] out List<FcpPeer>? peers, [NotNullWhen(false)] out string? fault)
    {
        peers = null;
        if (layout.PeerCount > PeersMax || (layout.PeerCount > 0 && layout.Peers == 0)) return Refuse($"peers: not null, at most {PeersMax}", out fault);
        var read = new List<FcpPeer>();
        for (nuint i = 0; i < layout.PeerCount; i++)
        {
            ForeignMemory.TryGet(layout.Peers + (nint)(i * (nuint)SizeOfPeer), out PeerLayout peer);
            if (!ForeignMemory.TryReadText(peer.Node, TextBytesMax, out string? text) || NodeId.Parse(text, out NodeId node) != FcpStatus.Accepted) return Refuse($"peers[{i}].node: no node id", out fault);
            if (!TryReadAddress(peer.Address, out IPEndPoint address)) return Refuse($"peers[{i}].address: an address such as 127.0.0.1:4400", out fault);
            read.Add(new FcpPeer(node, address));
        }

        (peers, fault) = (read, null);
        return true;
    }

    private static bool TryReadAddress(nint text, out IPEndPoint address)
    {
        address = new IPEndPoint(IPAddress.Any, 0);
        if (!ForeignMemory.TryReadText(text, TextBytesMax, out string? read) || !IPEndPoint.TryParse(read, out IPEndPoint? parsed)) return false;
        address = parsed;
        return true;
    }

    private static bool Refuse(string why, out string fault)
    {
        fault = why;
        return false;
    }

    private static FcpResult NoSuch(string what) => Call.Refuse(FcpResult.BadHandle, $"no such {what}");

    private static FcpResult Give(nint handle, object held)
    {
        ForeignMemory.TrySet(handle, HandleTable.Add(held));
        return FcpResult.Ok;
    }

    private static int Release<T>(ulong handle, string what, Action<T> end)
        where T : class => Call.Run(() =>
        {
            if (!HandleTable.TryRemove(handle, out T? held)) return NoSuch(what);
            end(held);
            return FcpResult.Ok;
        });

    /// <summary>A negative number of milliseconds is for ever.</summary>
    private static TimeSpan Bounded(int milliseconds) => milliseconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(milliseconds);
}
