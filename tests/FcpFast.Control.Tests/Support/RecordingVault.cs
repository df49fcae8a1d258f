using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Control.Tests.Support;

/// <summary>A vault in plain memory that remembers every secret it was given, and whether it was erased.</summary>
internal sealed class RecordingVault : IKeyVault
{
    private readonly List<RecordedKey> _keys = [];

    /// <summary>How many secrets are not erased.</summary>
    public int LiveCount => _keys.Count(static key => !key.IsErased);

    /// <summary>How many secrets were ever given.</summary>
    public int Count => _keys.Count;

    /// <summary>Every secret that is not erased.</summary>
    public byte[][] Live => [.. _keys.Where(static key => !key.IsErased).Select(static key => key.Content)];

    /// <summary>True if these bytes lie in the vault now.</summary>
    public bool Holds(byte[] secret) => _keys.Any(key => !key.IsErased && key.Content.AsSpan().SequenceEqual(secret));

    public SecretKey Import(ReadOnlySpan<byte> secret)
    {
        var key = new RecordedKey(secret.ToArray());
        _keys.Add(key);
        return key;
    }

    private sealed class RecordedKey(byte[] content) : SecretKey
    {
        private int _leases;
        private bool _isDisposed;

        public byte[] Content { get; } = (byte[])content.Clone();

        public bool IsErased => _isDisposed && _leases == 0;

        public override int LengthBytes => Content.Length;

        public override void Dispose() => _isDisposed = true;

        protected override bool TryEnter(out ReadOnlySpan<byte> bytes)
        {
            bytes = _isDisposed ? default : Content;
            if (!_isDisposed) _leases++;
            return !_isDisposed;
        }

        protected override void Exit() => _leases--;
    }
}
