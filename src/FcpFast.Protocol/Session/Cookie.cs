using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Session;

/// <summary>The cookie of a Hello under one cookie key: a proof that the initiator receives at the address that it sends from.</summary>
/// <remarks>
/// Shape:   HMAC-SHA-256 over every field of the Hello but cookie and signature, 32 bytes. The writer given is scratch: its content is lost.
/// Threads: stateless; one user of a scratch writer at a time.
/// Cost:    one HMAC over some hundred bytes; no allocation once the scratch has grown to it.
/// Source:  [WIRE §7.4].
/// </remarks>
public static class Cookie
{
    /// <summary>Computes the cookie that a HelloRetry carries.</summary>
    /// <param name="kdf">HMAC.</param>
    /// <param name="cookieKey">32 bytes, drawn at random and replaced every <see cref="SessionRules.CookieKeyTicks"/>.</param>
    /// <param name="hello">The Hello that asked; its own cookie does not matter.</param>
    /// <param name="scratch">Overwritten.</param>
    /// <param name="cookie">32 bytes.</param>
    public static void Compute(
        IKdf kdf, ReadOnlySpan<byte> cookieKey, scoped in HelloMessage hello, CborWriter scratch, Span<byte> cookie)
    {
        ArgumentNullException.ThrowIfNull(kdf);
        ArgumentNullException.ThrowIfNull(scratch);
        hello.WriteCookieInput(scratch.Reset());
        kdf.Hmac(cookieKey, scratch.Written, cookie);
    }

    /// <summary>Checks the cookie of a Hello against one key, in constant time.</summary>
    /// <remarks>Errors: <c>InvalidCookie</c>, also for a Hello without one.</remarks>
    public static FcpStatus Check(IKdf kdf, ReadOnlySpan<byte> cookieKey, scoped in HelloMessage hello, CborWriter scratch)
    {
        if (hello.Cookie.IsEmpty) return FcpStatus.InvalidCookie;
        Span<byte> expected = stackalloc byte[SessionRules.CookieBytes];
        Compute(kdf, cookieKey, hello, scratch, expected);
        bool equal = CryptographicOperations.FixedTimeEquals(expected, hello.Cookie);
        CryptographicOperations.ZeroMemory(expected); // the right cookie of a Hello that did not have it
        return equal ? FcpStatus.Accepted : FcpStatus.InvalidCookie;
    }

    /// <summary>Checks the length of a cookie that is given as raw bytes.</summary>
    /// <remarks>Errors: <c>InvalidCookieLength</c>. Source: [WIRE §7.2].</remarks>
    public static FcpStatus CheckLength(ReadOnlySpan<byte> cookie) =>
        cookie.Length == SessionRules.CookieBytes ? FcpStatus.Accepted : FcpStatus.InvalidCookieLength;
}
