using System;
using System.Collections.Generic;
using System.Net.Sockets;
using FcpFast.Interop.Linux;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Transport.Udp;

/// <content>One address for the ports of several shards.</content>
public sealed partial class UdpPort
{
    /// <summary>Opens a port for each shard, all at one address; the kernel steers by the first byte of a datagram (<see cref="ReusePortFilter"/>).</summary>
    /// <param name="options">How; port 0 lets the system choose one for all.</param>
    /// <param name="pools">Where each port's slabs for receiving come from; they stay the caller's.</param>
    /// <returns>The ports, by their shard.</returns>
    /// <remarks>
    /// Shape:   the first port is bound to an address that nobody has, and only then shared: the ports of another process at the same address are an
    ///          error, as they are for a single one, though the kernel would let them join.
    /// Errors:  <see cref="SocketException"/> if the address cannot be listened at; <see cref="PlatformNotSupportedException"/> where the kernel does
    ///          not steer.
    /// </remarks>
    public static IReadOnlyList<UdpPort> OpenShared(UdpPortOptions options, IReadOnlyList<DatagramSlabPool> pools)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pools);
        if (pools.Count < 1) ThrowHelper.BadArgument(nameof(pools), "a pool for each shard");
        var ports = new List<UdpPort>();
        try
        {
            ports.Add(Open(options, pools[0]));
            if (pools.Count == 1) return ports;
            Demand(ReusePortFilter.Share(ports[0]._socket.SafeHandle));
            for (int shard = 1; shard < pools.Count; shard++) ports.Add(Open(options with { Local = ports[0].Local, SharesAddress = true }, pools[shard]));
            Demand(ReusePortFilter.Attach(ports[0]._socket.SafeHandle, pools.Count));
            return ports;
        }
        catch
        {
            foreach (UdpPort port in ports) port.Dispose();
            throw;
        }
    }

    private static void Demand(string? fault)
    {
        if (fault is not null) throw new PlatformNotSupportedException(fault);
    }
}
