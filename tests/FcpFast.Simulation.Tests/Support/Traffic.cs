using System;
using System.Collections.Generic;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Nodes;

namespace FcpFast.Simulation.Tests.Support;

/// <summary>Small files that both nodes send to each other at a steady pace: something is under way at every moment.</summary>
internal sealed class Traffic
{
    private readonly Duo _duo;
    private readonly List<(OutgoingFile File, byte[] Content, SimulatedNode To)> _sent = [];
    private readonly TimeSpan _pause;
    private bool _isOver;

    /// <summary>Starts.</summary>
    public Traffic(Duo duo, TimeSpan pause)
    {
        _duo = duo;
        _pause = pause;
        Send();
    }

    /// <summary>Sends no more, and holds everything against what was sent.</summary>
    /// <param name="limit">How long each file may take.</param>
    /// <param name="besides">Files that the test itself has sent.</param>
    public void Finish(TimeSpan limit, int besides = 0)
    {
        _isOver = true;
        foreach ((OutgoingFile file, byte[] content, SimulatedNode to) in _sent) _duo.Arrives(file, content, to, limit);
        Assert.Equal(_sent.Count + besides, _duo.Alice.Log.Received.Count + _duo.Bob.Log.Received.Count);
    }

    private void Send()
    {
        if (_isOver) return;
        Send(_duo.Alice, _duo.Bob);
        Send(_duo.Bob, _duo.Alice);
        _duo.World.After(_pause, Send);
    }

    private void Send(SimulatedNode from, SimulatedNode to)
    {
        byte[] content = _duo.Random.Bytes(_duo.Random.Next(1, 8000));
        _sent.Add((from.Send($"file {_sent.Count}", content, to.Member), content, to));
    }
}
