using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>A vault in plain memory that remembers every key it was given, and whether it was erased.</summary>
internal sealed class RecordingVault : IKeyVault
{
    private readonly List<RecordedKey> _keys = [];

    /// <summary>Every key in the order of import.</summary>
    public IReadOnlyList<RecordedKey> Keys => _keys;

    /// <summary>Keys not erased.</summary>
    public IReadOnlyList<RecordedKey> Live => _keys.Where(static key => !key.IsErased).ToList();

    /// <inheritdoc/>
    public SecretKey Import(ReadOnlySpan<byte> secret)
    {
        var key = new RecordedKey(secret.ToArray());
        _keys.Add(key);
        return key;
    }

    /// <summary>A key object whose leases are counted; erased at the last return after its disposal.</summary>
    internal sealed class RecordedKey(byte[] content) : SecretKey
    {
        private readonly byte[] _bytes = (byte[])content.Clone();
        private int _leases;
        private bool _disposed;

        /// <summary>What was imported, kept for comparison after the erasure.</summary>
        public byte[] Content { get; } = (byte[])content.Clone();

        /// <summary>True once the bytes are gone.</summary>
        public bool IsErased { get; private set; }

        /// <inheritdoc/>
        public override int LengthBytes => _bytes.Length;

        /// <inheritdoc/>
        public override void Dispose()
        {
            _disposed = true;
            EraseIfUnused();
        }

        /// <inheritdoc/>
        protected override bool TryEnter(out ReadOnlySpan<byte> bytes)
        {
            bytes = _disposed ? default : _bytes;
            if (!_disposed) _leases++;
            return !_disposed;
        }

        /// <inheritdoc/>
        protected internal override void Exit()
        {
            _leases--;
            EraseIfUnused();
        }

        private void EraseIfUnused()
        {
            if (!_disposed || _leases > 0) return;
            Array.Clear(_bytes);
            IsErased = true;
        }
    }
}
