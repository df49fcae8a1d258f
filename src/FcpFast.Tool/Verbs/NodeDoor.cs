using System;
using System.IO;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;

namespace FcpFast.Tool.Verbs;

/// <summary>Connects to the door of a node that runs on this machine, or says why not.</summary>
internal static class NodeDoor
{
    public static async Task<FcpDoorClient> ConnectAsync(string stateFolder, CancellationToken cancellation)
    {
        try
        {
            return await FcpDoorClient.ConnectAsync(stateFolder, cancellation);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new ToolException($"no node runs in {stateFolder}: {e.Message}", "start one there ('fcpfast receive', 'relay', 'gateway'), as the same user", e);
        }
    }

    public static async Task<JsonObject> ReadStatusAsync(string stateFolder, CancellationToken cancellation)
    {
        using FcpDoorClient client = await ConnectAsync(stateFolder, cancellation);
        return await ReadStatusAsync(client, stateFolder, cancellation);
    }

    public static async Task<JsonObject> ReadStatusAsync(FcpDoorClient client, string stateFolder, CancellationToken cancellation)
    {
        try
        {
            return await client.ReadStatusAsync(cancellation);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new ToolException($"the node in {stateFolder} has ended: {e.Message}", "look at what it said last, and start it again", e);
        }
    }
}
