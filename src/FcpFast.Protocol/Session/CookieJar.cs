using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Session;

/// <summary>The cookie keys of a responder: the present one and the one before.</summary>
/// <remarks>
/// Shape:   keys are drawn at random, never derived and never stored, so no cookie outlives a restart.
/// Threads: one user at a time.
/// Source:  [WIRE §7.4], [REPLAY §6.3] (D5).
/// </remarks>
public sealed class CookieJar : IDisposable
{
    private readonly CryptoProvider _crypto;
    private readonly CborWriter _scratch = new(512);
    private SecretKey _current;
    private SecretKey? _previous;
    private long _drawnTicks; // when the present key's minute began

    /// <summary>Draws the first key.</summary>
    public CookieJar(CryptoProvider crypto, Instant now)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        _crypto = crypto;
        _current = Draw();
        _drawnTicks = now.Ticks;
    }

    /// <summary>Writes the cookie of a Hello under the present key.</summary>
    public void Make(scoped in HelloMessage hello, Instant now, Span<byte> cookie)
    {
        Rotate(now);
        using KeyLease key = _current.Lease();
        Cookie.Compute(_crypto.Kdf, key.Bytes, hello, _scratch, cookie);
    }

    /// <summary>Checks a Hello's cookie against both keys; <c>InvalidCookie</c> if neither made it.</summary>
    public FcpStatus Check(scoped in HelloMessage hello, Instant now)
    {
        Rotate(now);
        if (CheckOne(_current, hello) == FcpStatus.Accepted) return FcpStatus.Accepted;
        return _previous is null ? FcpStatus.InvalidCookie : CheckOne(_previous, hello);
    }

    /// <summary>Erases the keys.</summary>
    public void Dispose()
    {
        _current.Dispose();
        _previous?.Dispose();
    }

    private FcpStatus CheckOne(SecretKey key, scoped in HelloMessage hello)
    {
        using KeyLease lease = key.Lease();
        return lease.IsLive ? Cookie.Check(_crypto.Kdf, lease.Bytes, hello, _scratch) : FcpStatus.InvalidCookie;
    }

    private void Rotate(Instant now)
    {
        long periods = (now.Ticks - _drawnTicks) / SessionRules.CookieKeyTicks;
        if (periods < 1) return;
        _previous?.Dispose();
        _previous = periods == 1 ? _current : null; // after a pause the last key is too old to be the one before
        if (_previous is null) _current.Dispose();
        _current = Draw();
        _drawnTicks += periods * SessionRules.CookieKeyTicks; // not from now on: a key that is seldom asked for is not older than others
    }

    private SecretKey Draw()
    {
        Span<byte> key = stackalloc byte[CryptoSizes.KeyBytes];
        _crypto.Random.Fill(key);
        SecretKey secret = _crypto.Vault.Import(key);
        CryptographicOperations.ZeroMemory(key);
        return secret;
    }
}
