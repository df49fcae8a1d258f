using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Session;
using FcpFast.Tool.Demo;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>Strangers: Hellos in the names of peers, frames of a live session that were changed or are sent again, and nonsense, to gateway and relay.</summary>
/// <remarks>
/// Shape:   they come from an address of their own, as strangers do: what fails there is counted against that address.
/// Threads: one of its own.
/// </remarks>
internal sealed class HostileTraffic : IDisposable
{
    private const int NonsenseBytesMax = 1200;

    private readonly Forwarder _path;
    private readonly IPEndPoint _gateway;
    private readonly int _perSecond;
    private readonly Random _random;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CborWriter _writer = new(512);
    private readonly string[] _names;
    private readonly Thread _thread;
    private volatile IPEndPoint _relay;
    private volatile bool _isOver;
    private byte[] _sample = [];
    private long _hellos;
    private long _sent;

    /// <summary>Begins.</summary>
    /// <param name="path">Where samples of real datagrams come from.</param>
    /// <param name="gateway">A victim.</param>
    /// <param name="relay">Another.</param>
    /// <param name="names">In whose names Hellos come; the first is the gateway's, the second the relay's.</param>
    /// <param name="perSecond">Datagrams a second.</param>
    /// <param name="seed">Draws.</param>
    public HostileTraffic(Forwarder path, IPEndPoint gateway, IPEndPoint relay, string[] names, int perSecond, int seed)
    {
        (_path, _gateway, _relay, _names, _perSecond) = (path, gateway, relay, names, perSecond);
        _random = new Random(seed);
        _socket.Bind(new IPEndPoint(OperatingSystem.IsLinux() ? IPAddress.Parse("127.0.0.66") : IPAddress.Loopback, 0));
        _thread = new Thread(Run) { Name = "fcpfast strangers", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Hellos that were sent; at most so many can have been answered.</summary>
    public long Hellos => Interlocked.Read(ref _hellos);

    /// <summary>All datagrams.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Where the relay is after it was started again.</summary>
    public void Follow(IPEndPoint relay) => _relay = relay;

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        var clock = Stopwatch.StartNew();
        while (!_isOver)
        {
            long due = (long)(clock.Elapsed.TotalSeconds * _perSecond) - _sent;
            for (int i = 0; i < Math.Min(due, 64); i++) SendOne();
            if (due < 64) Thread.Sleep(2);
        }
    }

    private void SendOne()
    {
        bool toGateway = _random.Next(2) == 0;
        ReadOnlySpan<byte> datagram = _random.Next(4) switch
        {
            0 => Hello(_names[toGateway ? 0 : 1]),
            1 => Sample(changed: true),
            2 => Sample(changed: false),
            _ => Nonsense(),
        };
        try
        {
            _socket.SendTo(datagram, toGateway ? _gateway : _relay);
        }
        catch (SocketException)
        {
            // nobody receives there at the moment
        }

        Interlocked.Increment(ref _sent);
    }

    private ReadOnlySpan<byte> Hello(string to)
    {
        Span<byte> key = stackalloc byte[CryptoSizes.KeyBytes], nonce = stackalloc byte[16], signature = stackalloc byte[CryptoSizes.SignatureBytes];
        _random.NextBytes(key);
        _random.NextBytes(nonce);
        _random.NextBytes(signature);
        new HelloMessage
        {
            From = Encoding.UTF8.GetBytes(_names[_random.Next(2, _names.Length)]), To = Encoding.UTF8.GetBytes(to), EphemeralKey = key, Nonce = nonce,
            TimestampUnixSeconds = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), Suites = new SuiteList([MacSuite.Blake3]), Signature = signature,
        }.Write(_writer.Reset());
        Interlocked.Increment(ref _hellos);
        return _writer.Written;
    }

    private ReadOnlySpan<byte> Sample(bool changed)
    {
        if (_path.TakeSample() is { } fresh) _sample = fresh;
        if (_sample.Length == 0) return Nonsense();
        if (!changed) return _sample;
        byte[] copy = (byte[])_sample.Clone();
        copy[_random.Next(copy.Length)] ^= (byte)_random.Next(1, 256);
        return copy;
    }

    private ReadOnlySpan<byte> Nonsense()
    {
        byte[] bytes = new byte[_random.Next(1, NonsenseBytesMax)];
        _random.NextBytes(bytes);
        return bytes;
    }
}
