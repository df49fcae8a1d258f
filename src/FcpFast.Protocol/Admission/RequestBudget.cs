using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Admission;

/// <summary>What one peer's requests may still cost this minute.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Cost:    O(1), no allocation.
/// Source:  [WIRE §16.6], [WIRE §19].
/// </remarks>
public sealed class RequestBudget
{
    private readonly AdmissionLimits _limits;
    private FixedWindow _bytes;
    private FixedWindow _symbols;

    /// <summary>Starts a budget.</summary>
    public RequestBudget(AdmissionLimits limits) => _limits = limits;

    /// <summary>Admits an answer and charges it; a refused one costs nothing.</summary>
    /// <param name="isAuthenticated">True if the request was signed by the session's peer or an attested member.</param>
    /// <param name="symbols">Symbols of the answer.</param>
    /// <param name="symbolBytes">Bytes of each.</param>
    /// <param name="now">The time.</param>
    /// <returns><c>Accepted</c>, <c>AuthenticationRequired</c>, <c>ByteBudgetExceeded</c> or <c>SymbolBudgetExceeded</c>, in this order.</returns>
    public FcpStatus Admit(bool isAuthenticated, long symbols, int symbolBytes, Instant now)
    {
        if (!isAuthenticated && _limits.RequiresAuthentication) return FcpStatus.AuthenticationRequired;
        long bytes = symbols * symbolBytes;
        if (!_bytes.Allows(bytes, _limits.BytesPerMinute, now)) return FcpStatus.ByteBudgetExceeded;
        if (!_symbols.Allows(symbols, _limits.SymbolsPerMinute, now)) return FcpStatus.SymbolBudgetExceeded;
        _bytes.Add(bytes, now);
        _symbols.Add(symbols, now);
        return FcpStatus.Accepted;
    }

    /// <summary>How long until a refused request may be tried again.</summary>
    public long TicksToRetry(Instant now) => Math.Max(_bytes.TicksToEnd(now), _symbols.TicksToEnd(now));
}
