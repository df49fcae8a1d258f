using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Demo;

/// <summary>A real forwarder in the middle: UDP with impairments, TCP on the same port number as it is.</summary>
/// <remarks>Threads: one for UDP; TCP in tasks.</remarks>
internal sealed class Forwarder : IAsyncDisposable
{
    private const int DatagramBytesMax = 65_536;
    private const int SampleBytesMin = 600;
    private const int QuietMilliseconds = 20;
    private const int SocketBufferBytes = 4 * 1024 * 1024;

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _pipes = [];
    private readonly Socket _front;
    private readonly Socket _back;
    private readonly TcpListener _listener;
    private readonly IPEndPoint _target;
    private readonly ImpairedDirection _toTarget;
    private readonly ImpairedDirection _toClient;
    private readonly Thread _thread;
    private readonly Task _accepting;
    private SocketAddress? _client;
    private TaskCompletionSource? _settling;
    private byte[]? _sample;
    private long _unsentToTarget;
    private long _unsentToClient;

    /// <summary>Starts to forward to a receiver.</summary>
    public Forwarder(IPEndPoint target, Impairment impairment)
    {
        _target = target;
        _toTarget = new ImpairedDirection(impairment, impairment.Seed);
        _toClient = new ImpairedDirection(impairment, unchecked(impairment.Seed + 1));
        (_front, _listener) = BindTogether();
        _back = NewSocket();
        _back.Connect(target);
        Address = (IPEndPoint)_front.LocalEndPoint!;
        _thread = new Thread(ForwardDatagrams) { Name = "fcpfast forwarder", IsBackground = true };
        _thread.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it takes datagrams and connections.</summary>
    public IPEndPoint Address { get; }

    /// <summary>A datagram of some size that went to the receiver since the last was taken, for whoever wants to send it again; null if none did.</summary>
    public byte[]? TakeSample() => Interlocked.Exchange(ref _sample, null);

    /// <summary>What was done to the datagrams in each direction; exact once it has settled and nobody sends.</summary>
    public JsonObject Report() => new()
    {
        ["to_receiver"] = Report(_toTarget, _front, Interlocked.Read(ref _unsentToTarget)),
        ["to_sender"] = Report(_toClient, _back, Interlocked.Read(ref _unsentToClient)),
    };

    /// <summary>Waits until everything that came was passed on.</summary>
    public Task SettleAsync(CancellationToken cancellation)
    {
        var settling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _settling, settling);
        return settling.Task.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        _thread.Join();
        _front.Dispose();
        _back.Dispose();
        await Task.WhenAny(Task.WhenAll([_accepting, .. _pipes]), Task.Delay(1000));
        _stopping.Dispose();
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
    {
        ReceiveBufferSize = SocketBufferBytes,
        SendBufferSize = SocketBufferBytes,
        Blocking = true,
    };

    /// <summary>UDP and TCP on one port number: a free one of UDP may be taken in TCP, then another is tried.</summary>
    private static (Socket Front, TcpListener Listener) BindTogether()
    {
        for (int attempt = 0; ; attempt++)
        {
            Socket front = NewSocket();
            front.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var listener = new TcpListener(IPAddress.Loopback, ((IPEndPoint)front.LocalEndPoint!).Port);
            try
            {
                listener.Start();
                return (front, listener);
            }
            catch (SocketException) when (attempt < 20)
            {
                front.Dispose();
            }
        }
    }

    private void ForwardDatagrams()
    {
        byte[] buffer = new byte[DatagramBytesMax];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        var readable = new List<Socket>();
        while (!_stopping.IsCancellationRequested)
        {
            TaskCompletionSource? settling = Volatile.Read(ref _settling); // asked before the look that finds nothing
            readable.Clear();
            readable.Add(_front);
            readable.Add(_back);
            Socket.Select(readable, null, null, QuietMilliseconds * 1000);
            if (readable.Contains(_front)) FromClient(buffer, from);
            if (readable.Contains(_back)) FromTarget(buffer);
            if (readable.Count > 0) continue;
            _toTarget.Flush(PassToTarget);
            _toClient.Flush(PassToClient);
            settling?.TrySetResult();
        }
    }

    private static JsonObject Report(ImpairedDirection direction, Socket from, long unsent)
    {
        JsonObject report = direction.Report();
        report["overflowed"] = SystemDropCount.Of(from);
        report["unsent"] = unsent;
        return report;
    }

    private void FromClient(byte[] buffer, SocketAddress from)
    {
        while (_front.Available > 0)
        {
            int bytes = _front.ReceiveFrom(buffer, SocketFlags.None, from);
            if (_client is null || !_client.Equals(from))
            {
                _client = new SocketAddress(AddressFamily.InterNetwork);
                from.Buffer.CopyTo(_client.Buffer);
                _client.Size = from.Size;
            }

            if (bytes >= SampleBytesMin && Volatile.Read(ref _sample) is null) Volatile.Write(ref _sample, buffer.AsSpan(0, bytes).ToArray());
            _toTarget.Take(buffer.AsSpan(0, bytes), PassToTarget);
        }
    }

    private void FromTarget(byte[] buffer)
    {
        try
        {
            while (_back.Available > 0) _toClient.Take(buffer.AsSpan(0, _back.Receive(buffer)), PassToClient);
        }
        catch (SocketException)
        {
            // nobody receives there at the moment: the answer to something sent before
        }
    }

    private void PassToTarget(byte[] datagram)
    {
        try
        {
            _back.Send(datagram);
        }
        catch (SocketException)
        {
            Interlocked.Increment(ref _unsentToTarget); // nobody receives there at the moment
        }
    }

    private void PassToClient(byte[] datagram)
    {
        try
        {
            if (_client is not null) _front.SendTo(datagram, SocketFlags.None, _client);
            else Interlocked.Increment(ref _unsentToClient);
        }
        catch (SocketException)
        {
            Interlocked.Increment(ref _unsentToClient);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient accepted = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _pipes.Add(PipeAsync(accepted));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the end of the demo
        }
    }

    private async Task PipeAsync(TcpClient accepted)
    {
        using TcpClient client = accepted;
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(_target, _stopping.Token);
            Task there = client.GetStream().CopyToAsync(server.GetStream(), _stopping.Token);
            Task back = server.GetStream().CopyToAsync(client.GetStream(), _stopping.Token);
            await Task.WhenAny(there, back);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or System.IO.IOException)
        {
            // one end is gone; the other learns by the closing
        }
    }
}
